package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.model.InstanceId;
import io.respawn.model.Probes;
import io.respawn.supervise.Members.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchdogsTest {

    private static final InstanceId WEB = new InstanceId(ProcessSide.WEB, 0);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<Event> events = new ArrayList<>();
    private final Watchdogs watchdogs = new Watchdogs();

    private Gate begin(long incarnation, long now) {
        Subject subject = new Subject(ProcessSide.spec(Probes.NONE), WEB, incarnation);
        Gate gate = new Gate(subject, events::add);
        watchdogs.begin(subject, SILENCE, gate, now);
        return gate;
    }

    @Test
    void reportsSilenceOnceItIsTooLong() {
        // given
        begin(3, 0);
        watchdogs.alive(new Member(WEB, 3), 2 * SECOND);
        // when
        assertThat(watchdogs.next()).isEqualTo(7 * SECOND);
        watchdogs.look(7 * SECOND - 1, 7 * SECOND - 1);
        assertThat(events).isEmpty();
        watchdogs.look(7 * SECOND, 7 * SECOND);
        watchdogs.look(8 * SECOND, 8 * SECOND);
        // then
        assertThat(events)
                .containsExactly(
                        new ProbeFailed(WEB, 3, ProbeFailed.Kind.WATCHDOG, "the watchdog heard nothing for 5000 ms"));
        assertThat(watchdogs.next()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void doesNotTakeSignsOfLifeOfAnotherProcess() {
        // given
        begin(3, 0);
        // when
        watchdogs.alive(new Member(WEB, 2), 4 * SECOND);
        // then
        assertThat(watchdogs.next()).isEqualTo(5 * SECOND);
    }

    @Test
    void blamesNobodyForItsOwnSleep() {
        // given
        begin(3, 0);
        // when: the sidecar itself was stopped, or the whole machine slept
        watchdogs.look(60 * SECOND, 5 * SECOND);
        // then: everybody has the whole time again
        assertThat(events).isEmpty();
        assertThat(watchdogs.next()).isEqualTo(65 * SECOND);
    }

    @Test
    void endsWithItsOwnGateOnly() {
        // given
        Gate first = begin(3, 0);
        Gate second = begin(4, SECOND);
        // when
        watchdogs.end(WEB, first);
        assertThat(watchdogs.next()).isEqualTo(6 * SECOND);
        watchdogs.end(WEB, second);
        // then
        assertThat(watchdogs.next()).isEqualTo(Long.MAX_VALUE);
    }
}
