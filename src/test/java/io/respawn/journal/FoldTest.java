package io.respawn.journal;

import static io.respawn.journal.JournalFixture.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Batch;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldTest {

    @Test
    void batchesThatAreGivenAgainAreOwedOnce() {
        // given
        Fold fold = Fold.of(Restored.NOTHING);
        fold.batches(List.of(numbered(1), numbered(2)));
        // when memory gave out behind the second of three, and all come again
        fold.batches(List.of(numbered(1), numbered(2), numbered(3)));
        fold.batches(List.of(numbered(1), numbered(2), numbered(3)));
        fold.batches(List.of(numbered(4)));
        // then
        assertThat(fold.image().unacknowledged()).extracting(Batch::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(fold.image().records()).containsExactlyElementsOf(numbered(4).records());
    }
}
