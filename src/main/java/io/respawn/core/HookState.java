package io.respawn.core;

import io.respawn.model.HookPoint;
import java.time.Instant;
import java.util.Optional;

/**
 * How the hooks of an instance stand.
 *
 * @param underWay the one that has to end before anything else follows
 * @param failure the last one that failed
 */
public record HookState(Optional<UnderWay> underWay, Optional<Failure> failure) {

    public static final HookState DEFAULT = new HookState(Optional.empty(), Optional.empty());

    /**
     * A hook that has not ended.
     *
     * @param reason why the process ended, of a post-stop hook
     * @param deadline when it is ended; empty as long as it has not begun, since its process has yet to come up
     */
    public record UnderWay(HookPoint point, String reason, Optional<Instant> deadline) {}

    /** One that did not go well, and why. */
    public record Failure(HookPoint point, long incarnation, String detail, Instant at) {}

    public boolean isUnderWay() {
        return underWay.isPresent();
    }

    boolean isAt(HookPoint point) {
        return underWay.filter(one -> one.point() == point).isPresent();
    }

    HookState at(UnderWay next) {
        return new HookState(Optional.of(next), failure);
    }

    HookState idle() {
        return underWay.isPresent() ? new HookState(Optional.empty(), failure) : this;
    }

    HookState failed(Failure last) {
        return new HookState(underWay, Optional.of(last));
    }
}
