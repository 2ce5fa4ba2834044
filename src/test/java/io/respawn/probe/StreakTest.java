package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreakTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void concludesFromAnswersInARowOnly() {
        // given
        Probe probe = new Probe(new Probe.TcpSocket(1), SECOND, SECOND, SECOND, 2, 3);

        // when
        List<Boolean> ready = conclusions(probe, "+-++--+---+-++");

        // then
        assertThat(ready)
                .containsExactly(
                        false, false, false, true, true, true, true, true, true, false, false, false, false, true);
    }

    @Test
    void becomesReadyWithTheFirstSuccessWhenOneIsEnough() {
        // given
        Probe probe = new Probe(new Probe.TcpSocket(1), SECOND, SECOND, SECOND, 1, 1);

        // when
        List<Boolean> ready = conclusions(probe, "-+-+");

        // then
        assertThat(ready).containsExactly(false, true, false, true);
    }

    private static List<Boolean> conclusions(Probe probe, String answers) {
        List<Boolean> ready = new ArrayList<>();
        Streak streak = Streak.NO;
        for (int i = 0; i < answers.length(); i++) {
            streak = streak.after(answers.charAt(i) == '+', probe);
            ready.add(streak.yes());
        }
        return ready;
    }
}
