package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Position;
import org.junit.jupiter.api.Test;

class PassageTest {

    private final Passage passage = new Passage();

    @Test
    void reportsOnlyTheLastOfAPartition() {
        // given
        passage.passBy(at(1));
        passage.passBy(at(2));

        // when, then
        assertThat(passage.takePassed()).containsExactly(at(2));
        assertThat(passage.takePassed()).isEmpty();
    }

    @Test
    void waitsForTheCommandsInFrontOfIt() {
        // given
        passage.setOut(at(1));
        passage.passBy(at(2));
        assertThat(passage.takePassed()).isEmpty();

        // when
        passage.arrived(at(1));

        // then
        assertThat(passage.takePassed()).containsExactly(at(2));
    }

    @Test
    void neverReportsWhatLiesBeforeACommand() {
        // given
        passage.passBy(at(1));
        passage.setOut(at(2));

        // when
        passage.arrived(at(2));

        // then
        assertThat(passage.takePassed()).isEmpty();
    }

    private static Position at(long offset) {
        return new Position("respawn.commands", 3, offset);
    }
}
