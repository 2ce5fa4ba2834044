package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.core.HookState;
import io.respawn.core.Instance;
import io.respawn.core.Instance.LastExit;
import io.respawn.core.InstanceState;
import io.respawn.core.QueuePlace;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.ProbeAnswer;
import io.respawn.supervise.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a service, as the API shows it.
 *
 * @param index counts from 0
 * @param state the word of its state
 * @param supervisorState the same in the words of Supervisor
 * @param incarnation ordinal of its process
 * @param intent the intent its process was started for, if any
 * @param pid its process, if there is one
 * @param restarts how often its process was replaced
 * @param attempt crash restarts in a row
 * @param since when the state began, as far as it is recorded
 * @param nextStart when it comes back, while it backs off, waits for the budget, or is tried again
 * @param reason why it is not simply running
 * @param status what its process says that it does, if it says something
 * @param probes what its probes were last answered, as far as they were
 * @param lastExit how its last process ended
 * @param usage what its processes used, if they were looked at
 * @param hook the hook that is under way, if one is: pre-start, post-start, pre-stop or post-stop
 * @param hookFailure the last hook that failed, if one did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceView(
        int index,
        String state,
        String supervisorState,
        long incarnation,
        @Nullable String intent,
        @Nullable Integer pid,
        long restarts,
        int attempt,
        @Nullable String since,
        @Nullable String nextStart,
        String reason,
        @Nullable String status,
        List<ProbeAnswerView> probes,
        @Nullable Exit lastExit,
        @Nullable UsageView usage,
        @Nullable String hook,
        @Nullable HookFailure hookFailure) {

    /**
     * What a probe was last answered.
     *
     * @param probe startup, readiness or liveness
     * @param answer yes or no; how many of them it takes, the plan says
     * @param at when it was answered
     * @param detail what was asked and what was answered
     */
    public record ProbeAnswerView(String probe, String answer, String at, String detail) {
        static ProbeAnswerView of(ProbeAnswer answer) {
            return new ProbeAnswerView(
                    Words.of(answer.kind()),
                    answer.yes() ? "yes" : "no",
                    answer.at().toString(),
                    answer.detail());
        }
    }

    /**
     * How a process ended.
     *
     * @param incarnation which one
     * @param status exit code or signal, in words
     * @param at when it was seen
     * @param leftovers how many of its group were killed afterwards
     */
    public record Exit(long incarnation, String status, String at, int leftovers) {
        static Exit of(LastExit exit) {
            return new Exit(exit.incarnation(), exit.status().words(), exit.at().toString(), exit.leftovers());
        }
    }

    /**
     * A hook that did not go well.
     *
     * @param hook which one
     * @param incarnation of the process that it was for
     * @param at when it ended
     * @param detail what was done and how that ended
     */
    public record HookFailure(String hook, long incarnation, String at, String detail) {
        static HookFailure of(HookState.Failure failure) {
            return new HookFailure(
                    failure.point().word(), failure.incarnation(), failure.at().toString(), failure.detail());
        }
    }

    static InstanceView of(Instance instance, Snapshot snapshot) {
        QueuePlace place = snapshot.queue().get(instance.id());
        InstanceState state = instance.state();
        return new InstanceView(
                instance.id().index(),
                state.word(),
                state.supervisorWord(),
                instance.incarnation(),
                instance.intent().map(IntentId::value).orElse(null),
                state.identity().map(ProcessIdentity::pid).orElse(null),
                instance.restarts(),
                instance.attempt(),
                since(instance).map(Instant::toString).orElse(null),
                nextStart(state, place).map(Instant::toString).orElse(null),
                place == null ? reason(instance) : place.reason(),
                snapshot.statuses().get(instance.id()),
                snapshot.answers().getOrDefault(instance.id(), List.of()).stream()
                        .map(ProbeAnswerView::of)
                        .toList(),
                instance.lastExit().map(Exit::of).orElse(null),
                UsageView.of(instance, snapshot).orElse(null),
                instance.hooks().underWay().map(one -> one.point().word()).orElse(null),
                instance.hooks().failure().map(HookFailure::of).orElse(null));
    }

    private static Optional<Instant> nextStart(InstanceState state, @Nullable QueuePlace place) {
        return switch (state) {
            case InstanceState.BackingOff backingOff -> Optional.of(backingOff.deadline());
            case InstanceState.Exhausted exhausted -> exhausted.retryAt();
            case InstanceState.Waiting ignored -> Optional.ofNullable(place).flatMap(QueuePlace::eta);
            case InstanceState.Stopped ignored -> Optional.empty();
            case InstanceState.Starting ignored -> Optional.empty();
            case InstanceState.Completed ignored -> Optional.empty();
            case InstanceState.Live ignored -> Optional.empty();
        };
    }

    private static Optional<Instant> since(Instance instance) {
        Optional<Instant> ended = instance.lastExit().map(LastExit::at);
        return switch (instance.state()) {
            case InstanceState.Waiting waiting -> Optional.of(waiting.since());
            case InstanceState.Starting starting -> Optional.of(starting.since());
            case InstanceState.Running running -> Optional.of(running.startedAt());
            case InstanceState.Ready ready -> Optional.of(ready.readyAt());
            case InstanceState.Terminating ignored -> Optional.empty();
            case InstanceState.Killing ignored -> Optional.empty();
            case InstanceState.Exhausted exhausted -> Optional.of(exhausted.since());
            case InstanceState.Stopped ignored -> ended;
            case InstanceState.BackingOff ignored -> ended;
            case InstanceState.Completed ignored -> ended;
        };
    }

    private static String reason(Instance instance) {
        String state = reason(instance.state());
        String hook = instance.hooks()
                .underWay()
                .flatMap(one -> one.deadline().map(end -> "its " + one.point().word() + " hook runs, until " + end))
                .orElse("");
        return state.isEmpty() || hook.isEmpty() ? state + hook : state + "; " + hook;
    }

    private static String reason(InstanceState state) {
        return switch (state) {
            case InstanceState.BackingOff backingOff -> backingOff.reason();
            case InstanceState.Exhausted exhausted -> exhausted.reason();
            case InstanceState.Waiting ignored -> "waits for its dependencies, its turn, or the state to be restored";
            case InstanceState.Terminating terminating -> stopping(terminating.cause(), terminating.deadline());
            case InstanceState.Killing ignored -> "did not end in time: SIGKILL was sent";
            case InstanceState.Completed completed ->
                completed.successful() ? "ended as it should" : "ended, and its restart policy leaves it so";
            case InstanceState.Running running -> running.awaited() ? "has yet to say that it is up" : "not ready";
            case InstanceState.Stopped ignored -> "";
            case InstanceState.Starting ignored -> "";
            case InstanceState.Ready ignored -> "";
        };
    }

    private static String stopping(InstanceState.StopCause cause, Instant deadline) {
        String why =
                switch (cause) {
                    case ORDERED -> "ordered";
                    case SHUTDOWN -> "the sidecar is leaving";
                    case START_TIMEOUT -> "it did not become ready in time";
                    case UNHEALTHY -> "a probe or its watchdog says that it is not well";
                };
        return why + "; SIGKILL follows at " + deadline;
    }
}
