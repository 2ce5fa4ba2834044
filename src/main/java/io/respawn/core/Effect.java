package io.respawn.core;

import io.respawn.model.HookPoint;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Something that somebody else must do, in the imperative. */
public sealed interface Effect {

    /** Start a process for this incarnation. Answered by {@code ProcessSpawned} or {@code SpawnFailed}. */
    record Spawn(InstanceId instance, long incarnation, Optional<IntentId> intent) implements Effect {}

    /** Wait no longer for that answer: what is being started must not come into being. */
    record AbandonStart(InstanceId instance, long incarnation) implements Effect {}

    /** Watch a process that is already there. Answered by {@code ProcessExited} when it ends. */
    record Adopt(InstanceId instance, long incarnation, ProcessIdentity process) implements Effect {}

    /** Send a signal to the instance's whole group. */
    record SendSignal(InstanceId instance, long incarnation, Signal signal) implements Effect {}

    /**
     * Run the command of a stop step, for so long at most. Answered by {@code StopCommandFailed} when it does not end
     * with 0.
     */
    record RunStopCommand(InstanceId instance, long incarnation, int step, List<String> command, Duration limit)
            implements Effect {}

    /**
     * Do what is declared for a turn of this incarnation's life, for so long at most, and once whatever was done for the
     * instance before is gone. Answered by {@code HookEnded}. A second time while it is being done: it goes on.
     *
     * @param variables what a command is told beside its service's environment
     */
    record RunHook(
            InstanceId instance, long incarnation, HookPoint point, Duration limit, SortedMap<String, String> variables)
            implements Effect {}

    /** End that; the answer still comes. */
    record CancelHook(InstanceId instance, long incarnation, HookPoint point) implements Effect {}

    /**
     * Begin to probe. Answered by {@code ReadinessChanged} and {@code ProbeFailed}.
     *
     * @param ready it counts as ready already; only a no is news
     */
    record StartProbe(InstanceId instance, long incarnation, boolean ready) implements Effect {
        public StartProbe(InstanceId instance, long incarnation) {
            this(instance, incarnation, false);
        }
    }

    record StopProbe(InstanceId instance) implements Effect {}

    record ArmTimer(TimerKey key, Instant deadline) implements Effect {}

    record CancelTimer(TimerKey key) implements Effect {}

    /** Bring the local journal to the disk. Answered by {@code JournalSynced}. */
    record SyncJournal(long seq) implements Effect {}

    /** Write everything to Kafka, bounded in time. Answered by {@code Flushed}. */
    record Flush() implements Effect {}

    /** Load the sidecar anew. Answered by {@code RespawnRefused}, or by {@code Resumed} in the new image. */
    record Respawn(IntentId intent) implements Effect {}

    /** Read the configuration again. Answered by {@code PlanRead} or {@code PlanRefused}. */
    record ReadConfiguration(IntentId intent) implements Effect {}

    /** Another plan is in force: have everybody go by it who has to. */
    record FollowPlan(Plan plan) implements Effect {}

    /** Nothing is left to do: end the sidecar with this exit code. */
    record Leave(int exitCode) implements Effect {}
}
