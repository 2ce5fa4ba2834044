package io.respawn.core;

import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.HookPoint;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.Position;
import io.respawn.model.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A fact that reached the machine, in the past tense. Each names the incarnation it is about, since late is normal. */
public sealed interface Event {

    /**
     * The sidecar is up: the local journal was read and {@code /proc} was searched.
     *
     * @param found living main processes
     * @param noted what the spawner noted last of each instance; the process may be gone since
     * @param durable whether the state directory can be written
     * @param mustRestore whether Kafka may know more than this machine does (there was no local state)
     */
    record SidecarStarted(HostIdentity host, List<Found> found, List<Noted> noted, boolean durable, boolean mustRestore)
            implements Event {}

    /** A main process of an instance, as found in {@code /proc} or noted by the spawner. */
    record Found(InstanceId instance, long incarnation, ProcessIdentity process, Optional<IntentId> intent) {}

    /**
     * A note of the spawner: this is the process that it started.
     *
     * @param process empty in the note that comes before a start that was ordered: it is about to begin
     */
    record Noted(InstanceId instance, long incarnation, Optional<IntentId> intent, Optional<ProcessIdentity> process) {}

    /** The state on Kafka was read to its end. {@code epoch} is the new one; {@code theirs} is empty on a first start. */
    record StateRestored(long epoch, Optional<Ledger> theirs, List<StateRecord> records, CommandTopics topics)
            implements Event {}

    /** A command was understood. */
    record CommandReceived(Command command, Optional<Position> position) implements Event {}

    /** A command names us and has an id, but asks for something impossible; {@code reason} says what. */
    record CommandRefused(IntentId id, String source, String reason, String requestedBy, Position position)
            implements Event {}

    /** A record with our key could not be understood. */
    record CommandUnreadable(DeadLetter letter) implements Event {}

    /** A record on a command topic is not for us; its position counts as read. */
    record CommandPassedBy(Position position) implements Event {}

    /** There is a process. */
    record ProcessSpawned(InstanceId instance, long incarnation, ProcessIdentity process) implements Event {}

    /** There is no process; {@code reason} names the stage, the value and the remedy. */
    record SpawnFailed(InstanceId instance, long incarnation, String reason) implements Event {}

    /** The main process was reaped, or is known to be gone. {@code leftovers} members of its group were killed. */
    record ProcessExited(InstanceId instance, long incarnation, ExitStatus status, int leftovers) implements Event {}

    /** The readiness of a process changed; the startup probe has said yes before. */
    record ReadinessChanged(InstanceId instance, long incarnation, boolean ready, String detail) implements Event {}

    /** What a process says about itself. */
    sealed interface Said extends Event {
        InstanceId instance();

        long incarnation();
    }

    /** It said by itself that it is up, by a message or by a line of its output; {@code detail} says how. */
    record CameUp(InstanceId instance, long incarnation, String detail) implements Said {}

    /** It said by itself that it is not to be used until it says that it is up again: it reloads, or it is stopping. */
    record Withdrew(InstanceId instance, long incarnation, String detail) implements Said {}

    /** It said what it does; an empty text takes the last one back. */
    record StatusTold(InstanceId instance, long incarnation, String text) implements Said {}

    /** It handed over to another of its processes, which is held already: that one is the main from now on. */
    record HandedOver(InstanceId instance, long incarnation, ProcessIdentity process) implements Said {}

    /** It printed a line that is to be told of; {@code detail} says which. */
    record LineMatched(InstanceId instance, long incarnation, String detail) implements Said {}

    /** It asked for so much time from now on to come up, or to end, whatever it is about. */
    record TimeoutExtended(InstanceId instance, long incarnation, Duration by) implements Said {}

    /** A probe said no as often as it may; {@code detail} says how. */
    record ProbeFailed(InstanceId instance, long incarnation, Kind kind, String detail) implements Event {

        /** Which one; for readiness there is {@link ReadinessChanged}. */
        public enum Kind {
            /** It has not come up. */
            STARTUP,
            /** It came up, and is not sane any more. */
            LIVENESS,
            /** It gave no sign of life, or said that it is not sane. */
            WATCHDOG
        }
    }

    /** The command of a stop step could not be run, or did not end with 0; {@code detail} says how. */
    record StopCommandFailed(InstanceId instance, long incarnation, int step, String detail) implements Event {}

    /** A hook has ended, whether it went well or not; {@code detail} says how. */
    record HookEnded(InstanceId instance, long incarnation, HookPoint point, boolean success, String detail)
            implements Event {}

    /** A timer that the machine armed came due. */
    record TimerFired(TimerKey key) implements Event {}

    /** Kafka has committed all batches of this epoch up to {@code seq}. */
    record BatchesCommitted(long epoch, long seq) implements Event {}

    /** The local journal is on the disk up to {@code seq}. */
    record JournalSynced(long seq) implements Event {}

    /** The local journal cannot be written any more, or again. */
    record JournalChanged(boolean durable, String detail) implements Event {}

    /** The standing with Kafka changed. */
    record KafkaChanged(KafkaStatus status, String detail) implements Event {}

    /** All that was written has reached Kafka, or the wait for it is over. */
    record Flushed(boolean complete) implements Event {}

    /** The sidecar did not load itself anew: it cannot, or the new image would not do; {@code reason} says why. */
    record RespawnRefused(IntentId intent, String reason) implements Event {}

    /**
     * The sidecar has loaded itself anew and goes on.
     *
     * @param intent who ordered it; nobody, when it was not an order
     * @param blackout from giving up the old image to handling the first event
     * @param carried what came along, for people
     */
    record Resumed(Optional<IntentId> intent, Duration blackout, String carried) implements Event {}

    /**
     * The configuration was read again and can be used.
     *
     * @param intent who ordered it; nobody when a new image found it changed
     * @param later the keys that changed and that only a respawn takes up
     */
    record PlanRead(Optional<IntentId> intent, Plan plan, List<String> later) implements Event {}

    /** The configuration was read again and cannot be used; all that is wrong with it. */
    record PlanRefused(Optional<IntentId> intent, List<String> mistakes) implements Event {}

    /** What the plan in force changes of the one under which these processes were started, which outlived their sidecar. */
    record PlanRemembered(PlanDiff diff, List<Found> found) implements Event {}

    /** The sidecar is to leave; {@code forced} skips the grace periods. */
    record ShutdownRequested(String reason, boolean forced) implements Event {}
}
