package io.respawn.core;

import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One copy of a service as the records know it.
 *
 * @param incarnation the highest process ordinal ever used; it only rises
 * @param intent the intent whose id the current incarnation carries
 * @param attempt crash restarts in a row since the last stable run; the exponent of the backoff
 * @param restarts all replacements of a process, whatever the reason
 * @param lastExit how the last process ended
 * @param floor an incarnation that was used elsewhere; the next one is above it
 * @param recentEnds ends within the restart limit's interval that nobody ordered, oldest first
 * @param hooks how its hooks stand
 */
public record Instance(
        InstanceId id,
        long incarnation,
        Optional<IntentId> intent,
        InstanceState state,
        int attempt,
        long restarts,
        Optional<LastExit> lastExit,
        long floor,
        List<Instant> recentEnds,
        HookState hooks) {

    public Instance {
        recentEnds = List.copyOf(recentEnds);
    }

    /** An instance of which no hook is under way or has failed. */
    public Instance(
            InstanceId id,
            long incarnation,
            Optional<IntentId> intent,
            InstanceState state,
            int attempt,
            long restarts,
            Optional<LastExit> lastExit,
            long floor,
            List<Instant> recentEnds) {
        this(id, incarnation, intent, state, attempt, restarts, lastExit, floor, recentEnds, HookState.DEFAULT);
    }

    /** An instance whose ends do not count yet. */
    public Instance(
            InstanceId id,
            long incarnation,
            Optional<IntentId> intent,
            InstanceState state,
            int attempt,
            long restarts,
            Optional<LastExit> lastExit,
            long floor) {
        this(id, incarnation, intent, state, attempt, restarts, lastExit, floor, List.of());
    }

    /** How a process ended, when, and what was found left of its group. */
    public record LastExit(long incarnation, ExitStatus status, Instant at, int leftovers) {}

    public static Instance fresh(InstanceId id, InstanceState state) {
        return new Instance(id, 0, Optional.empty(), state, 0, 0, Optional.empty(), 0);
    }

    static Instance fresh(InstanceId id, InstanceState state, long floor) {
        return new Instance(id, 0, Optional.empty(), state, 0, 0, Optional.empty(), floor);
    }

    public boolean isReady() {
        return state instanceof InstanceState.Ready;
    }

    public boolean isLive() {
        return state instanceof InstanceState.Live;
    }

    /** Nothing runs, and nothing is about to be spawned. */
    public boolean isDown() {
        return switch (state) {
            case InstanceState.Stopped ignored -> true;
            case InstanceState.Waiting ignored -> true;
            case InstanceState.BackingOff ignored -> true;
            case InstanceState.Exhausted ignored -> true;
            case InstanceState.Completed ignored -> true;
            case InstanceState.Starting ignored -> false;
            case InstanceState.Live ignored -> false;
        };
    }

    /** Nothing runs of it, not even what follows its end. */
    boolean isAtRest() {
        return isDown() && !hooks.isUnderWay();
    }

    Instance in(InstanceState next) {
        return new Instance(id, incarnation, intent, next, attempt, restarts, lastExit, floor, recentEnds, hooks);
    }

    /** Somebody ordered something: the history of crashes starts anew. */
    Instance calm() {
        return new Instance(id, incarnation, intent, state, 0, restarts, lastExit, floor, List.of(), hooks);
    }

    /** Counts an end that nobody ordered; those before the horizon do not matter any more. */
    Instance counting(Instant end, Instant horizon) {
        List<Instant> ends = new ArrayList<>(recentEnds);
        ends.removeIf(each -> !each.isAfter(horizon));
        ends.add(end);
        return new Instance(id, incarnation, intent, state, attempt, restarts, lastExit, floor, ends, hooks);
    }

    Instance with(HookState next) {
        return new Instance(id, incarnation, intent, state, attempt, restarts, lastExit, floor, recentEnds, next);
    }

    Instance withAttempt(int next) {
        return new Instance(id, incarnation, intent, state, next, restarts, lastExit, floor, recentEnds, hooks);
    }

    Instance ended(ExitStatus status, Instant at, int leftovers) {
        return new Instance(
                id,
                incarnation,
                intent,
                state,
                attempt,
                restarts,
                Optional.of(new LastExit(incarnation, status, at, leftovers)),
                floor,
                recentEnds,
                hooks);
    }

    /** The next incarnation begins, for an intent or for nobody. */
    Instance spawning(Instant now, Optional<IntentId> forIntent) {
        return new Instance(
                id,
                Math.max(incarnation, floor) + 1,
                forIntent,
                new InstanceState.Starting(now, false),
                attempt,
                incarnation == 0 ? restarts : restarts + 1,
                lastExit,
                floor,
                recentEnds,
                hooks);
    }

    Instance atLeast(long seen) {
        return seen <= incarnation
                ? this
                : new Instance(id, seen, intent, state, attempt, restarts, lastExit, floor, recentEnds, hooks);
    }
}
