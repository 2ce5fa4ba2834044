package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.StatusTold;
import io.respawn.core.Event.TimeoutExtended;
import io.respawn.core.Event.Withdrew;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Members.Member;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VoiceTest {

    private static final InstanceId WEB = new InstanceId(new ServiceName("web"), 0);
    private static final int PID = 99;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<Event> events = new ArrayList<>();
    private final KnownMembers members = new KnownMembers(new Member(WEB, 3));
    private final Voice voice = new Voice(members.member(), members);

    private long say(String message, long now) {
        voice.hear(Notification.parse(message.getBytes(StandardCharsets.UTF_8)), PID, Optional.empty());
        return voice.speak(events::add, now);
    }

    @Test
    void passesOnEverythingOnce() {
        // when
        long next = say("READY=1\nSTATUS=serving\nEXTEND_TIMEOUT_USEC=1000000", 5);
        say("READY=1\nSTATUS=serving\nWATCHDOG=1", 6);
        // then
        assertThat(next).isEqualTo(Long.MAX_VALUE);
        assertThat(events)
                .containsExactly(
                        new StatusTold(WEB, 3, "serving"),
                        new TimeoutExtended(WEB, 3, Duration.ofSeconds(1)),
                        new CameUp(WEB, 3, "it says that it is up"));
    }

    @Test
    void tellsOfAReloadAndOfItsEnd() {
        // when
        say("READY=1", 0);
        say("RELOADING=1", SECOND);
        say("READY=1", 2 * SECOND);
        say("STOPPING=1", 3 * SECOND);
        // then
        assertThat(events)
                .containsExactly(
                        new CameUp(WEB, 3, "it says that it is up"),
                        new Withdrew(WEB, 3, "it says that it reloads"),
                        new CameUp(WEB, 3, "it says that it is up"),
                        new Withdrew(WEB, 3, "it says that it is stopping"));
    }

    @Test
    void namesTheMainOnceAndTheLastOneOnly() {
        // when: more handovers than are passed on at once, and nothing else
        for (int i = 0; i < 3 * Voice.BURST; i++) {
            voice.hear(Notification.NOTHING, PID, Optional.of(KnownMembers.identity(100 + i)));
            voice.speak(events::add, 0);
        }
        voice.passOn(events::add);
        voice.hear(Notification.NOTHING, PID, Optional.of(members.followed().peek()));
        voice.hear(Notification.NOTHING, PID, Optional.of(KnownMembers.identity(100 + 3 * Voice.BURST - 1)));
        voice.passOn(events::add);
        // then
        assertThat(members.followed())
                .hasSize(Voice.BURST + 1)
                .endsWith(KnownMembers.identity(100 + 3 * Voice.BURST - 1));
        assertThat(events).isEmpty();
    }

    @Test
    void doesNotTakeTheStoppingOfAFormerMainForThatOfTheService() {
        // given
        Notification stopping = Notification.parse("STOPPING=1\nSTATUS=drains".getBytes(StandardCharsets.UTF_8));
        say("READY=1", 0);
        // when
        voice.hear(stopping, PID, Optional.of(KnownMembers.identity(100)));
        voice.passOn(events::add);
        voice.hear(stopping, PID, Optional.empty());
        voice.passOn(events::add);
        // then
        assertThat(events)
                .containsExactly(new CameUp(WEB, 3, "it says that it is up"), new StatusTold(WEB, 3, "drains"));
        // when: the new one
        voice.hear(stopping, 100, Optional.empty());
        voice.passOn(events::add);
        // then
        assertThat(events.getLast()).isEqualTo(new Withdrew(WEB, 3, "it says that it is stopping"));
    }

    @Test
    void reportsAWatchdogThatWasTriggered() {
        // when
        say("WATCHDOG=trigger", 0);
        // then
        assertThat(events)
                .containsExactly(new ProbeFailed(
                        WEB, 3, ProbeFailed.Kind.WATCHDOG, "the watchdog was triggered by the service itself"));
    }

    @Test
    void passesOnTenChangesAtOnceAndThenTenASecondAndAlwaysTheLastWord() {
        // when: a hundred thousand changes within ten seconds
        long due = Long.MAX_VALUE;
        long now = 0;
        for (int i = 0; i < 100_000; i++) {
            now = i * 10L * SECOND / 100_000;
            due = say((i % 2 == 0 ? "READY=1" : "RELOADING=1") + "\nSTATUS=" + i, now);
        }
        // then
        assertThat(events.stream().filter(StatusTold.class::isInstance)).hasSizeBetween(100, 111);
        assertThat(due).isGreaterThan(now).isLessThanOrEqualTo(now + Voice.INTERVAL.toNanos());
        assertThat(voice.speak(events::add, due)).isEqualTo(Long.MAX_VALUE);
        assertThat(events).contains(new StatusTold(WEB, 3, "99999"));
        assertThat(events.getLast()).isInstanceOf(Withdrew.class);
    }
}
