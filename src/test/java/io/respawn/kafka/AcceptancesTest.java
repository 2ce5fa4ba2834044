package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Position;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AcceptancesTest {

    private final Acceptances acceptances = new Acceptances();

    @Test
    void commandIsAcceptedOnceACommittedPositionStandsBehindIt() {
        // given
        CompletableFuture<Void> third = accepted(3);

        // when, then
        acceptances.committed(Map.of("t-0", 3L));
        assertThat(third).isNotDone();
        acceptances.committed(Map.of("t-0", 4L));
        assertThat(third).isCompleted();
    }

    @Test
    void commandWhoseCommitCameFirstIsAcceptedAtOnce() {
        // when
        acceptances.committed(Map.of("t-0", 4L));

        // then
        assertThat(accepted(3)).isCompleted();
        assertThat(accepted(4)).isNotDone();
    }

    private CompletableFuture<Void> accepted(long offset) {
        return acceptances.of(new Position("t", 0, offset)).toCompletableFuture();
    }
}
