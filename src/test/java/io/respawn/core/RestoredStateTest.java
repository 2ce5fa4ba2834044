package io.respawn.core;

import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static io.respawn.core.Machines.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.testing.Commands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of intents when the state on Kafka and the one on this machine differ. */
class RestoredStateTest {

    private static final IntentId ID = new IntentId("r");
    private static final HostIdentity ELSEWHERE = new HostIdentity("boot-9", 9);

    private final Machines machine = new Machines(Machines.spec(WEB, false));

    private static Command restart(ServiceName service) {
        return Command.of(ID, "test", Action.RESTART, Optional.of(service));
    }

    private static Intent intent(Command command, Instant at, Intent.Phase phase) {
        Position position = new Position("respawn.commands", 0, 0);
        return new Intent(command, 0, Intent.Origin.TOPIC, Optional.of(position), at, phase);
    }

    private static Ledger ledger(long epoch, long seq, HostIdentity host, long next) {
        return new Ledger(epoch, seq, host, new TreeMap<>(Map.of("respawn.commands-0", next)), next);
    }

    private void restore(Ledger theirs, StateRecord... records) {
        machine.feed(new Event.KafkaChanged(KafkaStatus.RESTORING, ""));
        machine.feed(new Event.StateRestored(
                theirs.epoch() + 1,
                Optional.of(theirs),
                List.of(records),
                new CommandTopics(Map.of(), Map.of(), Map.of())));
        machine.feed(new Event.BatchesCommitted(
                theirs.epoch() + 1, machine.state.ledger().seq()));
        machine.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        machine.feed(new Event.BatchesCommitted(
                theirs.epoch() + 1, machine.state.ledger().seq()));
    }

    private void runWeb() {
        machine.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), true, false));
        machine.feed(new Event.ProcessSpawned(WEB_0, 1, process(100)));
    }

    private Intent.Phase ended() {
        return new Intent.Ended(Outcome.SUCCEEDED, machine.now, "", List.of());
    }

    @Test
    void whatAnotherOwnerEndedIsNotDoneAgain() {
        // given an order that was taken here and not begun when another sidecar became the owner
        machine.state.fold(ledger(3, 10, HOST, 1));
        machine.state.fold(intent(restart(WEB), machine.now, new Intent.Pending()));
        runWeb();
        machine.effects.clear();
        // when
        restore(ledger(4, 20, ELSEWHERE, 1), intent(restart(WEB), machine.now, ended()));
        // then
        assertThat(machine.outcome(ID)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.effects).noneMatch(Effect.SendSignal.class::isInstance);
    }

    @Test
    void whatAnotherOwnerWroteUnderAClaimThatFailedCounts() {
        // given a claim of epoch 5 that was never committed, since the owner was still there
        machine.state.fold(ledger(3, 10, HOST, 0));
        runWeb();
        restore(ledger(4, 20, ELSEWHERE, 0));
        machine.effects.clear();
        // when that owner has taken an order meanwhile
        restore(ledger(4, 22, ELSEWHERE, 1), intent(restart(WEB), machine.now, ended()));
        // then
        assertThat(machine.outcome(ID)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.state.ledger().positions()).containsEntry("respawn.commands-0", 1L);
    }

    @Test
    void anOlderJournalOfTheSameEpochGivesWayToKafka() {
        // given a disk that was full when Kafka took the end of an order
        machine.state.fold(ledger(3, 10, HOST, 0));
        runWeb();
        machine.effects.clear();
        // when the new life has even counted beyond Kafka meanwhile
        assertThat(machine.state.ledger().seq()).isGreaterThan(11);
        restore(ledger(3, 11, HOST, 1), intent(restart(WEB), machine.now, ended()));
        // then nothing that is known on Kafka is forgotten or read again
        assertThat(machine.outcome(ID)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.state.ledger().positions()).containsEntry("respawn.commands-0", 1L);
        machine.feed(new Event.CommandReceived(restart(WEB), Optional.of(new Position("respawn.commands", 0, 0))));
        assertThat(machine.effects).noneMatch(Effect.SendSignal.class::isInstance);
    }

    @Test
    void whatWasDecidedHereGivesWayToWhatTheOwnerHasBegun() {
        // given an order that was refused here by one that did not know that it was not the owner any more
        machine.state.fold(ledger(3, 10, HOST, 1));
        Intent.Phase refused = new Intent.Ended(Outcome.REJECTED, machine.now, "", List.of());
        machine.state.fold(intent(restart(WEB), machine.now, refused));
        runWeb();
        // when
        Intent.Target target = new Intent.Target(0, 1, 1, Optional.empty());
        restore(
                ledger(4, 20, ELSEWHERE, 1),
                intent(restart(WEB), machine.now, new Intent.Started(machine.now, List.of(target))));
        // then
        assertThat(machine.outcome(ID)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.detail(ID)).startsWith("takeover: begun by another instance");
    }

    @Test
    void whatAnotherHostTookWhileAwayFromKafkaIsLeftToIt() {
        // given
        runWeb();
        machine.effects.clear();
        // when
        restore(ledger(4, 20, ELSEWHERE, 1), local(Intent.Origin.LOCAL));
        // then
        assertThat(machine.outcome(ID)).isEqualTo(Outcome.FAILED);
        assertThat(machine.detail(ID)).isEqualTo(Restoring.NOT_OURS);
        assertThat(machine.effects).noneMatch(Effect.SendSignal.class::isInstance);
    }

    @Test
    void whatAnotherHostHadRecordedIsCarriedOutHere() {
        // given
        runWeb();
        machine.effects.clear();
        // when
        restore(ledger(4, 20, ELSEWHERE, 1), local(Intent.Origin.RECORDED));
        // then
        assertThat(machine.effects).anyMatch(Effect.SendSignal.class::isInstance);
    }

    @Test
    void aLocalOrderThatWaitsIsRecordedAndThenWaitsForKafka() {
        // given an order that is not to begin yet
        runWeb();
        machine.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        Instant later = machine.now.plusSeconds(5);
        Command order = Commands.of(ID, Action.RESTART, WEB).notBefore(later).made();
        machine.feed(new Event.CommandReceived(order, Optional.empty()));
        machine.feed(new Event.BatchesCommitted(0, machine.state.ledger().seq()));
        assertThat(machine.state.intent(ID).orElseThrow().origin()).isEqualTo(Intent.Origin.RECORDED);
        // when its time comes and Kafka is away
        machine.feed(new Event.KafkaChanged(KafkaStatus.DEGRADED, "no answer"));
        machine.effects.clear();
        machine.now = later;
        machine.feed(new Event.TimerFired(new TimerKey.OfIntent(ID, false)));
        // then
        assertThat(machine.state.intent(ID).orElseThrow().phase()).isInstanceOf(Intent.Pending.class);
        machine.feed(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        machine.feed(new Event.BatchesCommitted(0, machine.state.ledger().seq()));
        assertThat(machine.effects).anyMatch(Effect.SendSignal.class::isInstance);
    }

    private Intent local(Intent.Origin origin) {
        return new Intent(restart(WEB), 0, origin, Optional.empty(), machine.now, new Intent.Pending());
    }

    @Test
    void restoredIntentsKeepTheirTimes() {
        // given
        Instant from = machine.now.plus(Duration.ofHours(1));
        Instant until = machine.now.plus(Duration.ofHours(2));
        Command later = Commands.of(ID, Action.RESTART, WEB)
                .notBefore(from)
                .expiresAt(until)
                .made();
        machine.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), true, true));
        // when
        restore(ledger(4, 20, ELSEWHERE, 1), intent(later, machine.now, new Intent.Pending()));
        // then
        assertThat(machine.effects)
                .contains(
                        new Effect.ArmTimer(new TimerKey.OfIntent(ID, false), from),
                        new Effect.ArmTimer(new TimerKey.OfIntent(ID, true), until));
    }

    @Test
    void whatThisVeryHostHadBegunIsCarriedOutThoughTheJournalIsLost() {
        // given the process still runs in the incarnation that was to be replaced
        Intent.Target target = new Intent.Target(0, 7, 7, Optional.empty());
        Intent begun = intent(restart(WEB), machine.now, new Intent.Started(machine.now, List.of(target)));
        Service service = new Service(
                WEB,
                Service.Desired.UP,
                false,
                "",
                1,
                StopPolicy.DEFAULT,
                List.of(Instance.fresh(WEB_0, new InstanceState.Stopped()).atLeast(7)));
        machine.feed(new Event.SidecarStarted(
                HOST, List.of(new Event.Found(WEB_0, 7, process(100), Optional.empty())), List.of(), true, true));
        // when
        restore(ledger(4, 20, HOST, 1), begun, service);
        machine.feed(new Event.ProcessExited(WEB_0, 7, new io.respawn.model.ExitStatus.Signalled(15, false), 0));
        // then
        assertThat(machine.effects).contains(new Effect.Spawn(WEB_0, 8, Optional.of(ID)));
    }

    @ParameterizedTest
    @CsvSource({"RESTART, SUCCEEDED", "START, SUCCEEDED", "STOP, SUCCEEDED", "SIGNAL, FAILED"})
    void whatAnotherHostHadBegunIsNotDoneAgain(Action action, Outcome outcome) {
        // given
        runWeb();
        machine.effects.clear();
        Command command = action == Action.SIGNAL
                ? Commands.signal(ID, WEB, Signal.HUP).made()
                : Commands.of(ID, action, WEB).made();
        Intent.Target target = new Intent.Target(0, 1, 1, Optional.empty());
        // when
        restore(
                ledger(4, 20, ELSEWHERE, 1),
                intent(command, machine.now, new Intent.Started(machine.now, List.of(target))));
        // then
        assertThat(machine.outcome(ID)).isEqualTo(outcome);
        assertThat(machine.events.getLast().detail())
                .startsWith("takeover")
                .satisfies(detail -> assertThat(detail.contains("unknown")).isEqualTo(outcome == Outcome.FAILED));
        assertThat(machine.effects).noneMatch(Effect.SendSignal.class::isInstance);
    }

    @Test
    void aTopicThatWasCreatedAnewIsReadFromItsBeginning() {
        // given
        machine.state.fold(new Ledger(
                3,
                10,
                HOST,
                new TreeMap<>(Map.of("respawn.commands-0", 5L)),
                0,
                new TreeMap<>(),
                Lineage.NONE,
                new TreeMap<>(Map.of("respawn.commands", "old"))));
        runWeb();
        // when
        machine.feed(new Event.StateRestored(
                4,
                Optional.empty(),
                List.of(),
                new CommandTopics(
                        Map.of("respawn.commands-0", 0L),
                        Map.of("respawn.commands-0", 9L),
                        Map.of("respawn.commands", "new"))));
        machine.feed(new Event.CommandReceived(restart(WEB), Optional.of(new Position("respawn.commands", 0, 0))));
        // then
        assertThat(machine.state.intent(ID)).isPresent();
        assertThat(machine.state.ledger().positions()).containsEntry("respawn.commands-0", 1L);
        assertThat(machine.state.ledger().topics()).containsEntry("respawn.commands", "new");
    }

    @Test
    void anOrderForAServiceThatIsNoLongerDeclaredFails() {
        // given
        ServiceName gone = new ServiceName("gone");
        machine.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), true, true));
        // when
        restore(ledger(4, 20, ELSEWHERE, 1), intent(restart(gone), machine.now, new Intent.Pending()));
        // then
        assertThat(machine.outcome(ID)).isEqualTo(Outcome.FAILED);
    }
}
