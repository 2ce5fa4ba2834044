package io.respawn.core;

import io.respawn.core.Event.BatchesCommitted;
import io.respawn.core.Event.JournalSynced;
import io.respawn.core.Event.KafkaChanged;
import io.respawn.core.Event.ProcessExited;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.core.Event.ReadinessChanged;
import io.respawn.core.Event.SpawnFailed;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pure machine. {@link #step} decides what follows from an event; the same state, stamp and event always lead to the
 * same step.
 */
public final class Machine {

    /** A step that goes on for longer turns in a circle; it is a defect, and better reported than endured. */
    private static final int ROUNDS = 100_000;

    /** How long services wait for Kafka's state when there is none on this machine. */
    private final Duration restoreWait;

    private final Duration shutdownTimeout;

    private @Nullable Turn unfinished;

    /**
     * A machine with these limits.
     *
     * @param shutdownTimeout how long leaving may take before the grace periods are skipped
     */
    public Machine(Duration restoreWait, Duration shutdownTimeout) {
        this.restoreWait = restoreWait;
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * Decides, folds the records into the state, and returns them with the effects. When it fails, the state is as it was:
     * what is folded and not journaled would be gone in the next life.
     */
    public Step step(State state, Stamp stamp, Event event) {
        undoUnfinished();
        Turn turn = new Turn(state, stamp);
        try {
            boolean wasStopping = state.standing().isStopping();
            handle(turn, event);
            if (state.standing().isStopping() && !(wasStopping && isOfOneInstance(event))) {
                turn.touchAll();
            }
            settle(turn);
            if (state.standing().isStopping() && !wasStopping) {
                limitShutdown(turn);
            }
            return turn.finish();
        } catch (RuntimeException | Error failed) {
            unfinished = turn;
            undoUnfinished();
            throw failed;
        }
    }

    /** Taking back needs memory too: where there is none, it is done before anything else is decided. */
    private void undoUnfinished() {
        if (unfinished != null) {
            unfinished.undo();
            unfinished = null;
        }
    }

    private void handle(Turn turn, Event event) {
        switch (event) {
            case Event.SidecarStarted started -> started(turn, started);
            case Event.StateRestored restored -> new Restoring(turn).restored(restored);
            case Event.CommandReceived received -> received(turn, received);
            case Event.CommandRefused refused -> refused(turn, refused);
            case Event.CommandUnreadable unreadable -> unreadable(turn, unreadable.letter());
            case Event.CommandPassedBy passed -> passedBy(turn, passed.position());
            case ProcessSpawned spawned ->
                at(
                        turn,
                        spawned.instance(),
                        spawned.incarnation(),
                        i -> new Lifecycle(turn).spawned(i, spawned.process()));
            case SpawnFailed failed ->
                at(
                        turn,
                        failed.instance(),
                        failed.incarnation(),
                        i -> new Lifecycle(turn).spawnFailed(i, failed.reason()));
            case ProcessExited exited ->
                at(
                        turn,
                        exited.instance(),
                        exited.incarnation(),
                        i -> new Lifecycle(turn).exited(i, exited.status(), exited.leftovers()));
            case ReadinessChanged changed ->
                at(turn, changed.instance(), changed.incarnation(), i -> readiness(turn, i, changed));
            case Event.ProbeFailed failed ->
                at(turn, failed.instance(), failed.incarnation(), i -> new Ailing(turn).unhealthy(i, failed));
            case Event.StopCommandFailed no ->
                at(turn, no.instance(), no.incarnation(), i -> new Stopping(turn).stopCommandFailed(i, no.step()));
            case Event.HookEnded ended ->
                at(turn, ended.instance(), ended.incarnation(), i -> new Hooking(turn).ended(i, ended));
            case Event.Said said ->
                at(turn, said.instance(), said.incarnation(), i -> new SelfReport(turn).heard(i, said));
            case Event.TimerFired fired -> fired(turn, fired.key());
            case BatchesCommitted committed -> new Gates(turn).committed(committed);
            case JournalSynced synced -> new Gates(turn).synced(synced);
            case Event.JournalChanged changed -> new Gates(turn).journalChanged(changed);
            case KafkaChanged changed -> new Gates(turn).kafkaChanged(changed);
            case Event.Flushed ignored -> new Shutdown(turn).flushed();
            case Event.RespawnRefused refused -> new Respawning(turn).refused(refused);
            case Event.Resumed resumed -> new Respawning(turn).resumed(resumed);
            case Event.PlanRead read -> new Reloading(turn).read(read);
            case Event.PlanRefused refused -> new Reloading(turn).refused(refused);
            case Event.PlanRemembered remembered -> new Reloading(turn).remembered(remembered);
            case Event.ShutdownRequested requested ->
                new Shutdown(turn).requested(requested.reason(), requested.forced());
        }
    }

    /** Whatever follows from it begins at that instance: there is no need to look at all others. */
    private static boolean isOfOneInstance(Event event) {
        return switch (event) {
            case ProcessSpawned ignored -> true;
            case SpawnFailed ignored -> true;
            case ProcessExited ignored -> true;
            case ReadinessChanged ignored -> true;
            case Event.ProbeFailed ignored -> true;
            case Event.StopCommandFailed ignored -> true;
            case Event.HookEnded ignored -> true;
            case Event.Said ignored -> true;
            case Event.TimerFired fired -> fired.key() instanceof TimerKey.OfInstance;
            default -> false;
        };
    }

    private void limitShutdown(Turn turn) {
        if (!turn.standing().isForced()) {
            Instant end = turn.now().plus(shutdownTimeout);
            turn.perform(new Effect.ArmTimer(new TimerKey.ShutdownLimit(), end));
        }
    }

    private void started(Turn turn, Event.SidecarStarted started) {
        if (started.mustRestore()) {
            turn.perform(
                    new Effect.ArmTimer(new TimerKey.RestoreWait(), turn.now().plus(restoreWait)));
        }
        new Recovery(turn).started(started);
        Forgetting.look(turn);
    }

    /**
     * A topic's records are left where they are while the sidecar is leaving or fenced: its next life, or the owner, takes
     * them. No position may move then, since it would pass a command that was left.
     */
    private static boolean takesFromTopics(Turn turn) {
        return !turn.standing().isStopping() && turn.standing().kafka() != KafkaStatus.FENCED;
    }

    private static void received(Turn turn, Event.CommandReceived received) {
        if (received.position().isEmpty() || takesFromTopics(turn)) {
            new Intake(turn).received(received.command(), received.position());
        }
    }

    private static void refused(Turn turn, Event.CommandRefused refused) {
        if (takesFromTopics(turn)) {
            new Intake(turn).refused(refused.id(), refused.reason(), refused.requestedBy(), refused.position());
        }
    }

    private static void passedBy(Turn turn, Position position) {
        if (takesFromTopics(turn)) {
            new Intake(turn).takePosition(position);
        }
    }

    private static void unreadable(Turn turn, DeadLetter letter) {
        if (takesFromTopics(turn) && new Intake(turn).takePosition(letter.position())) {
            turn.setAside(letter);
        }
    }

    /** Hands the instance on if the event is about its present incarnation; everything else is late. */
    private static void at(Turn turn, InstanceId id, long incarnation, Consumer<Instance> action) {
        turn.state()
                .instance(id)
                .filter(instance -> instance.incarnation() == incarnation)
                .ifPresent(action);
    }

    private static void readiness(Turn turn, Instance instance, ReadinessChanged changed) {
        if (changed.ready()) {
            new Lifecycle(turn).ready(instance);
        } else {
            new Lifecycle(turn).unready(instance, changed.detail());
        }
    }

    private static void fired(Turn turn, TimerKey key) {
        switch (key) {
            case TimerKey.OfInstance timer ->
                at(turn, timer.instance(), timer.incarnation(), i -> fired(turn, timer.purpose(), i));
            case TimerKey.OfIntent timer ->
                turn.state()
                        .intent(timer.intent())
                        .ifPresent(intent -> new Intake(turn).timerFired(intent, timer.expiry()));
            case TimerKey.RestoreWait ignored -> new Restoring(turn).waitEnded();
            case TimerKey.BudgetRelease ignored -> turn.releaseQueued();
            case TimerKey.OrderRelease ignored -> turn.rationLater();
            case TimerKey.Forgetting ignored -> Forgetting.look(turn);
            case TimerKey.ShutdownLimit ignored -> new Shutdown(turn).limitReached();
        }
    }

    private static void fired(Turn turn, TimerKey.Purpose purpose, Instance instance) {
        switch (purpose) {
            case START_TIMEOUT -> new Ailing(turn).startTimedOut(instance);
            case GRACE -> new Stopping(turn).stepEnded(instance);
            case KILL -> new Stopping(turn).killUnanswered(instance);
            case BACKOFF -> new Lifecycle(turn).backoffEnded(instance);
            case RETRY -> new Lifecycle(turn).retryDue(instance);
        }
    }

    /** Follows up until nothing follows any more: releases, next intents, dependents, the way out. */
    private static void settle(Turn turn) {
        int rounds = 0;
        boolean more = true;
        while (more) {
            if (++rounds > ROUNDS) {
                throw new IllegalStateException("Cannot settle after " + ROUNDS + " rounds: "
                        + turn.state().describe());
            }
            Set<IntentId> releasing = turn.takeReleasing();
            releasing.forEach(id -> turn.state().intent(id).ifPresent(new Orders(turn)::release));
            Set<ServiceName> changed = turn.takeChanged();
            changed.forEach(name -> wakeFollowers(turn, name));
            Set<Optional<ServiceName>> advancing = turn.takeAdvancing();
            advancing.forEach(new Orders(turn)::advance);
            boolean rations = turn.takeRationing();
            if (rations) {
                new Rations(turn).pump();
            }
            // Whoever becomes ready or ends may make a place for one that waits.
            boolean freed = !changed.isEmpty() && !turn.state().waiting().isEmpty();
            boolean releases = turn.takeQueued() || freed;
            if (releases) {
                new Release(turn).pump();
            }
            if (turn.standing().isStopping()) {
                new Shutdown(turn).goOn(changed);
            }
            more = releases || rations || !releasing.isEmpty() || !changed.isEmpty() || !advancing.isEmpty();
        }
    }

    private static void wakeFollowers(Turn turn, ServiceName changed) {
        new Scheduled(turn).changed(changed);
        for (ServiceName name : Dependencies.followersOf(turn.state(), changed)) {
            turn.state().service(name).ifPresent(service -> service.instances().forEach(new Lifecycle(turn)::proceed));
        }
    }
}
