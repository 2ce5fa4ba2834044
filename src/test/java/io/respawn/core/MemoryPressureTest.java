package io.respawn.core;

import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.IntentId;
import io.respawn.model.MemoryLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a service is restarted for its memory, and what that order is. {@code -Dseed=} repeats a run. */
class MemoryPressureTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MIB = 1L << 20;
    private static final MemoryLimit LIMIT = new MemoryLimit(512 * MIB, Duration.ofSeconds(30), Duration.ofMinutes(10));

    /** A look: when, at which incarnation, and what it held. */
    private record Look(Instant at, long incarnation, long bytes) {}

    @Test
    void isDueOnceTheGraceIsOverAndNotBefore() {
        // given
        MemoryPressure pressure = MemoryPressure.DEFAULT.seen(3, 513 * MIB, LIMIT, BEGIN);

        // then
        assertThat(pressure.isDue(LIMIT, BEGIN.plusSeconds(29))).isFalse();
        assertThat(pressure.isDue(LIMIT, BEGIN.plusSeconds(30))).isTrue();
    }

    @Test
    void forgivesWhoeverIsBrieflyAbove() {
        // given
        MemoryPressure pressure = MemoryPressure.DEFAULT
                .seen(3, 513 * MIB, LIMIT, BEGIN)
                .seen(3, 512 * MIB, LIMIT, BEGIN.plusSeconds(20))
                .seen(3, 513 * MIB, LIMIT, BEGIN.plusSeconds(25));

        // then
        assertThat(pressure.isDue(LIMIT, BEGIN.plusSeconds(54))).isFalse();
        assertThat(pressure.isDue(LIMIT, BEGIN.plusSeconds(55))).isTrue();
    }

    @Test
    void namesTheProcessTheAmountAndTheLimit() {
        // when
        Command order = MemoryPressure.DEFAULT
                .seen(3, 600 * MIB + MIB / 2, LIMIT, BEGIN)
                .order(WEB_0, 600 * MIB + MIB / 2, LIMIT, BEGIN.plusSeconds(31));

        // then
        assertThat(order.id()).isEqualTo(new IntentId("memory/web/0/3"));
        assertThat(order.action()).isEqualTo(Action.RESTART);
        assertThat(order.ifIncarnation()).hasValue(3);
        assertThat(order.instance()).hasValue(0);
        assertThat(order.reason()).isEqualTo("uses 600.5 MiB of memory, for 31 s above its limit of 512.0 MiB");
        assertThat(order.requestedBy()).isEqualTo("memory");
    }

    @Test
    void keepsItsRulesForAnyLooks() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int i = 0; i < 2_000; i++) {
            keepsItsRules(seed + i);
        }
    }

    private static void keepsItsRules(long seed) {
        // given
        Random random = new Random(seed);
        var limit = new MemoryLimit(
                100 * MIB, Duration.ofSeconds(random.nextInt(60)), Duration.ofSeconds(1 + random.nextInt(120)));
        MemoryPressure pressure = MemoryPressure.DEFAULT;
        List<Look> looks = new ArrayList<>();
        Optional<Instant> last = Optional.empty();
        Set<IntentId> ids = new HashSet<>();
        Instant now = BEGIN;
        long incarnation = 1;
        for (int i = 0; i < 100; i++) {
            now = now.plusMillis(500 + random.nextInt(15_000));
            incarnation += random.nextInt(12) == 0 ? 1 + random.nextInt(2) : 0;
            Look look = new Look(now, incarnation, (random.nextInt(4) == 0 ? 90 : 101 + random.nextInt(99)) * MIB);
            looks.add(look);

            // when
            pressure = pressure.seen(incarnation, look.bytes(), limit, now);
            boolean due = pressure.isDue(limit, now);

            // then
            assertThat(due)
                    .as("seed %d, look %d", seed, i)
                    .isEqualTo(isAboveForLong(looks, limit) && !isRecent(last, limit, now));
            if (due) {
                assertThat(ids.add(
                                pressure.order(WEB_0, look.bytes(), limit, now).id()))
                        .as("seed %d, look %d: an id of its own", seed, i)
                        .isTrue();
                pressure = pressure.ordered(now);
                last = Optional.of(now);
            }
        }
    }

    /** Counted back from the last look, the slow way. */
    private static boolean isAboveForLong(List<Look> looks, MemoryLimit limit) {
        Look last = looks.getLast();
        Instant since = last.at();
        for (Look look : looks.reversed()) {
            if (look.incarnation() != last.incarnation() || look.bytes() <= limit.bytes()) {
                break;
            }
            since = look.at();
        }
        return last.bytes() > limit.bytes() && !since.plus(limit.grace()).isAfter(last.at());
    }

    private static boolean isRecent(Optional<Instant> last, MemoryLimit limit, Instant now) {
        return last.filter(at -> at.plus(limit.apart()).isAfter(now)).isPresent();
    }

    @Test
    void isAnOrderLikeAnyOtherAndNoCrash() {
        // given
        Machines machine = new Machines(Machines.spec(Machines.WEB, false)).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(7)));
        MemoryPressure pressure = MemoryPressure.DEFAULT.seen(1, 600 * MIB, LIMIT, machine.now);
        machine.pass(Duration.ofSeconds(30));
        Command order = pressure.order(WEB_0, 600 * MIB, LIMIT, machine.now);

        // when it is given twice, as by the next image of the sidecar
        machine.feed(new Event.CommandReceived(order, Optional.empty()));
        machine.feed(new Event.CommandReceived(order, Optional.empty()));
        machine.feed(new Event.JournalSynced(machine.state.ledger().seq()));
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(15, false), 0));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(8)));
        machine.feed(new Event.CommandReceived(order, Optional.empty()));

        // then
        assertThat(machine.outcome(order.id())).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.web().incarnation()).isEqualTo(2);
        assertThat(machine.web().attempt()).isZero();
        assertThat(machine.web().recentEnds()).isEmpty();
        assertThat(machine.types()).filteredOn("intent.succeeded"::equals).hasSize(1);
    }

    @Test
    void concernsNoLaterProcess() {
        // given one that crashed before the order came
        Machines machine = new Machines(Machines.spec(Machines.WEB, false)).started();
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(7)));
        Command order = MemoryPressure.DEFAULT
                .seen(1, 600 * MIB, LIMIT, machine.now)
                .order(WEB_0, 600 * MIB, LIMIT, machine.now);
        machine.feed(new Event.ProcessExited(WEB_0, 1, new ExitStatus.Signalled(9, false), 0));
        machine.pass(Duration.ofSeconds(1));
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, TimerKey.Purpose.BACKOFF, 1)));
        machine.feed(new Event.ProcessSpawned(WEB_0, 2, process(8)));

        // when
        machine.feed(new Event.CommandReceived(order, Optional.empty()));

        // then
        assertThat(machine.web().incarnation()).isEqualTo(2);
        assertThat(machine.outcome(order.id())).isEqualTo(Outcome.REJECTED);
    }
}
