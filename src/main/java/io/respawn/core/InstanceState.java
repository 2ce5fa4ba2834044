package io.respawn.core;

import io.respawn.model.ExitStatus;
import io.respawn.model.ProcessIdentity;
import java.time.Instant;
import java.util.Optional;

/**
 * Where one instance stands. The transitions (event down, state across; {@code -} is ignored on purpose, since late
 * events are normal) are:
 *
 * <pre>
 * event \ state     Stopped    Waiting    Starting     Running      Ready        Terminating  Killing      BackingOff  Exhausted  Completed
 * ordered up        Waiting    -          -            -            -            -            -            Waiting     Waiting    Waiting
 * ordered down      -          Stopped    Starting*    Terminating  Terminating  -            -            Stopped     Stopped    Stopped
 * ordered again     Waiting    -          Starting*    Terminating  Terminating  -            -            Waiting     Waiting    Waiting
 * dependencies met  -          Starting   -            -            -            -            -            -           -          -
 * spawned           -          -          Running**    -            -            -            -            -           -          -
 * spawn failed      -          -          policy       -            -            -            -            -           -          -
 * ready             -          -          -            Ready        -            -            -            -           -          -
 * unready           -          -          -            -            Running      -            -            -           -          -
 * came up           -          -          Starting+    Running+     -            -            -            -           -          -
 * withdrew          -          -          -            Running-     Running-     -            -            -           -          -
 * status told       -          -          -            -            -            -            -            -           -          -
 * timeout extended  -          -          -            -            -            later        -            -           -          -
 * handed over       -          -          -            another      another      another      another      -           -          -
 * exited            -          -          -            policy       policy       next         next         -           -          -
 * unhealthy         -          -          -            Terminating  Terminating  -            -            -           -          -
 * start timeout     -          -          -            Terminating  -            -            -            -           -          -
 * stop step failed  -          -          -            -            -            Killing***   -            -           -          -
 * grace ended       -          -          -            -            -            Killing***   -            -           -          -
 * hook succeeded    over       over       over         over         -            over         -            over        over       over
 * hook failed       over       over       policy       Terminating  -            over         -            over        over       over
 * kill unanswered   -          -          -            -            -            -            Killing      -           -          -
 * backoff ended     -          -          -            -            -            -            -            Waiting     -          -
 * retry due         -          -          -            -            -            -            -            -           Waiting    -
 * </pre>
 *
 * {@code *} with the order remembered: a spawn cannot be called back, the process is stopped as soon as it is there.
 * {@code **} Ready at once without a readiness probe and unless its word is awaited, Terminating when an order was remembered.
 * {@code policy} is BackingOff, Completed or Exhausted by the restart policy. {@code next} is Stopped, Waiting or what the
 * policy says, by who wanted the end. {@code Starting+}: its word is remembered; {@code Running+}: its word is not awaited
 * any more (Ready at once without a readiness probe); {@code Running-}: it is awaited; {@code later}: with a later deadline.
 * {@code ***} Terminating while there is another step. {@code another}: the same with another process. {@code over}: the
 * same, and what waited for the hook follows.
 * Waiting becomes Starting in the same step when nothing is in the way.
 */
public sealed interface InstanceState {

    /** A state in which there is a process. */
    sealed interface Live extends InstanceState {
        ProcessIdentity process();

        Instant startedAt();

        /** The same with another main. */
        Live with(ProcessIdentity main);
    }

    /** Nothing runs and nothing should. */
    record Stopped() implements InstanceState {}

    /** Should run; waits for its dependencies or for the state to be restored. */
    record Waiting(Instant since) implements InstanceState {}

    /**
     * A spawn is under way and there is no process number yet.
     *
     * @param abort whether it is to be stopped as soon as it is there
     * @param heard whether it said already that it is up, which can overtake the news of its start
     */
    record Starting(Instant since, boolean abort, boolean heard) implements InstanceState {
        public Starting(Instant since, boolean abort) {
            this(since, abort, false);
        }
    }

    /**
     * There is a process, and it is not ready.
     *
     * @param awaited whether it has yet to say that it is up; what probes say does not count until then
     */
    record Running(ProcessIdentity process, Instant startedAt, boolean awaited) implements Live {
        public Running(ProcessIdentity process, Instant startedAt) {
            this(process, startedAt, false);
        }

        @Override
        public Running with(ProcessIdentity main) {
            return new Running(main, startedAt, awaited);
        }
    }

    /** There is a process, and it is ready. */
    record Ready(ProcessIdentity process, Instant startedAt, Instant readyAt) implements Live {
        @Override
        public Ready with(ProcessIdentity main) {
            return new Ready(main, startedAt, readyAt);
        }
    }

    /**
     * It was asked to end.
     *
     * @param deadline when SIGKILL follows
     * @param step which of the steps of its stop policy is under way
     * @param cause who wanted the end, which decides what comes next
     */
    record Terminating(ProcessIdentity process, Instant startedAt, Instant deadline, int step, StopCause cause)
            implements Live {
        @Override
        public Terminating with(ProcessIdentity main) {
            return new Terminating(main, startedAt, deadline, step, cause);
        }
    }

    /**
     * SIGKILL was sent.
     *
     * @param deadline when it is sent again and reported
     */
    record Killing(ProcessIdentity process, Instant startedAt, Instant deadline, StopCause cause) implements Live {
        @Override
        public Killing with(ProcessIdentity main) {
            return new Killing(main, startedAt, deadline, cause);
        }
    }

    /** Ended on its own and comes back at the deadline. */
    record BackingOff(Instant deadline, String reason) implements InstanceState {}

    /** Gave up: too many ends in the interval, or an end that a rule names; tried again at {@code retryAt} if there is one. */
    record Exhausted(Instant since, String reason, Optional<Instant> retryAt) implements InstanceState {}

    /** Ended, and the policy says that this was it. */
    record Completed(ExitStatus exit, boolean successful) implements InstanceState {}

    /** Why an instance is being stopped. */
    enum StopCause {
        /** An intent, or the hand-set state, wants it down or replaced. */
        ORDERED,
        /** The sidecar is leaving. */
        SHUTDOWN,
        /** It did not become ready in time; the crash policy goes on afterwards. */
        START_TIMEOUT,
        /** A probe says that it is not well; the crash policy goes on afterwards. */
        UNHEALTHY
    }

    /** The process, where there is one. */
    default Optional<ProcessIdentity> identity() {
        return this instanceof Live live ? Optional.of(live.process()) : Optional.empty();
    }

    /** The word for people, events and metrics. */
    default String word() {
        return switch (this) {
            case Stopped ignored -> "stopped";
            case Waiting ignored -> "waiting";
            case Starting ignored -> "starting";
            case Running ignored -> "running";
            case Ready ignored -> "ready";
            case Terminating ignored -> "terminating";
            case Killing ignored -> "killing";
            case BackingOff ignored -> "backing-off";
            case Exhausted ignored -> "exhausted";
            case Completed ignored -> "completed";
        };
    }

    /** The same in the words of Supervisor, for existing tools. */
    default String supervisorWord() {
        return switch (this) {
            case Stopped ignored -> "STOPPED";
            case Waiting ignored -> "STARTING";
            case Starting ignored -> "STARTING";
            case Running ignored -> "STARTING";
            case Ready ignored -> "RUNNING";
            case Terminating ignored -> "STOPPING";
            case Killing ignored -> "STOPPING";
            case BackingOff ignored -> "BACKOFF";
            case Exhausted ignored -> "FATAL";
            case Completed ignored -> "EXITED";
        };
    }
}
