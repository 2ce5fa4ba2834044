package io.respawn.core;

import static io.respawn.core.Machines.HOST;
import static io.respawn.core.Machines.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.IntentLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RespawningTest {

    private static final Duration BLACKOUT = Duration.ofMillis(83);

    private final Machines machine = new Machines(Machines.spec(WEB, false)).started();

    @Test
    void anOrderIsCarriedOutByTheNewImageAndEndsThere() {
        // when
        IntentId order = respawn("one");

        // then
        assertThat(machine.effects).contains(new Effect.Respawn(order));
        assertThat(machine.types()).contains("intent.started", "sidecar.respawning");

        // when
        machine.feed(new Event.Resumed(Optional.of(order), BLACKOUT, "1 process"));

        // then
        assertThat(machine.outcome(order)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(machine.events.getLast().detail()).isEqualTo("after 83 ms, with 1 process");
        assertThat(machine.types()).endsWith("sidecar.resumed", "intent.succeeded");
    }

    @Test
    void whatCannotBeLoadedIsTheOutcomeAndNothingElseChanges() {
        // given
        Instance before = machine.web();
        IntentId order = respawn("one");

        // when
        machine.feed(new Event.RespawnRefused(order, "Cannot start the new image: exit code 1"));

        // then
        assertThat(machine.outcome(order)).isEqualTo(Outcome.FAILED);
        assertThat(machine.events.getLast().detail()).isEqualTo("Cannot start the new image: exit code 1");
        assertThat(machine.web()).isEqualTo(before);
    }

    @Test
    void oneComesAfterTheOther() {
        // given
        IntentId first = respawn("one");
        IntentId second = respawn("two");
        assertThat(machine.effects).doesNotContain(new Effect.Respawn(second));

        // when
        machine.feed(new Event.RespawnRefused(first, "no"));

        // then
        assertThat(machine.effects).contains(new Effect.Respawn(second));
    }

    @Test
    void aLifeWithoutACapsuleDoesNotTryAgain() {
        // given
        IntentId order = respawn("one");

        // when
        Machines next = machine.nextLife(Machines.spec(WEB, false));
        next.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), false, false));

        // then
        assertThat(next.outcome(order)).isEqualTo(Outcome.FAILED);
        assertThat(next.effects).doesNotContain(new Effect.Respawn(order));
        assertThat(next.types()).contains("intent.failed").doesNotContain("sidecar.respawning");
    }

    @Test
    void aSidecarThatIsLeavingBeginsNone() {
        // given
        machine.feed(new Event.ShutdownRequested("SIGTERM", false));

        // when
        IntentId order = respawn("one");

        // then
        assertThat(machine.outcome(order)).isEqualTo(Outcome.REJECTED);
        assertThat(machine.effects).doesNotContain(new Effect.Respawn(order));
    }

    @Test
    void whatWasOnItsWayToTheDiskIsAskedForAgain() {
        // given
        Machines durable = new Machines(Machines.spec(WEB, false));
        durable.feed(new Event.SidecarStarted(HOST, List.of(), List.of(), true, false));
        IntentId order = durable.order(Action.RESTART, WEB);
        assertThat(durable.state.standing().gated()).isOne();
        durable.effects.clear();

        // when
        durable.feed(new Event.Resumed(Optional.empty(), BLACKOUT, "1 process"));

        // then
        Effect.SyncJournal sync = durable.effects.stream()
                .filter(Effect.SyncJournal.class::isInstance)
                .map(Effect.SyncJournal.class::cast)
                .findFirst()
                .orElseThrow();
        durable.feed(new Event.JournalSynced(sync.seq()));
        assertThat(durable.state.standing().gated()).isZero();
        assertThat(durable.state.intent(order).orElseThrow().phase()).isInstanceOf(Intent.Started.class);
    }

    @Test
    void blackoutIsPartOfTheOutcome() {
        // given
        IntentId order = respawn("one");

        // when
        machine.feed(new Event.Resumed(Optional.of(order), BLACKOUT, "1 process"));

        // then
        assertThat(machine.state.intent(order).orElseThrow().phase())
                .isInstanceOfSatisfying(
                        Intent.Ended.class, end -> assertThat(end.blackout()).contains(BLACKOUT));
    }

    @Test
    void theLastRespawnsAreRememberedHoweverLongAgoTheyWere() {
        // given
        IntentId other = machine.order(Action.RESTART, WEB);
        for (int i = 0; i < History.RESPAWNS + 2; i++) {
            machine.feed(new Event.RespawnRefused(respawn("respawn-" + i), "no"));
        }

        // when
        machine.now = machine.now.plus(IntentLimits.DEFAULT.endedAge()).plusSeconds(1);
        machine.feed(new Event.TimerFired(new TimerKey.Forgetting()));

        // then
        assertThat(machine.state.intents().keySet())
                .extracting(IntentId::value)
                .doesNotContain("respawn-0", "respawn-1")
                .contains("respawn-2", "respawn-" + (History.RESPAWNS + 1), other.value());
    }

    private IntentId respawn(String name) {
        IntentId id = new IntentId(name);
        machine.feed(
                new Event.CommandReceived(Command.of(id, "test", Action.RESPAWN, Optional.empty()), Optional.empty()));
        return id;
    }
}
