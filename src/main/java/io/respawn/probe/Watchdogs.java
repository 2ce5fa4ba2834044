package io.respawn.probe;

import io.respawn.core.Event.ProbeFailed;
import io.respawn.model.InstanceId;
import io.respawn.supervise.Members.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Listens for the signs of life of those who promised them, and reports whoever falls silent, once. For one thread. */
final class Watchdogs {

    /** Whoever looks so much later than it wanted to was asleep itself, and cannot say who was silent meanwhile. */
    static final Duration OVERSLEPT = Duration.ofSeconds(1);

    private static final class Watch {
        private final long incarnation;
        private final long interval;
        private final Gate gate;
        private long heard;
        private boolean reported;

        private Watch(long incarnation, long interval, Gate gate, long now) {
            this.incarnation = incarnation;
            this.interval = interval;
            this.gate = gate;
            this.heard = now;
        }
    }

    private final Map<InstanceId, Watch> watches = new HashMap<>();

    /** From now on silence is not to be longer than this; a watch of an earlier process is replaced. */
    void begin(Subject subject, Duration interval, Gate gate, long nowNanos) {
        watches.put(subject.instance(), new Watch(subject.incarnation(), interval.toNanos(), gate, nowNanos));
    }

    /** Goes on listening to one that an earlier image of this process listened to. */
    void goOn(KeptSocket.Heard from) {
        Watch watch = watches.get(from.instance());
        if (watch != null && watch.incarnation == from.incarnation()) {
            watch.heard = from.at();
        }
    }

    /** When each was last heard. */
    List<KeptSocket.Heard> kept() {
        return watches.entrySet().stream()
                .map(each -> new KeptSocket.Heard(each.getKey(), each.getValue().incarnation, each.getValue().heard))
                .toList();
    }

    /** Ends the watch that reports by this gate, if it was not replaced. */
    void end(InstanceId instance, Gate gate) {
        Watch watch = watches.get(instance);
        if (watch != null && watch.gate.equals(gate)) {
            watches.remove(instance);
        }
    }

    void alive(Member member, long nowNanos) {
        Watch watch = watches.get(member.instance());
        if (watch != null && watch.incarnation == member.incarnation()) {
            watch.heard = nowNanos;
            watch.reported = false;
        }
    }

    /** When to look; {@link Long#MAX_VALUE} if there is nobody to listen to. */
    long next() {
        long next = Long.MAX_VALUE;
        for (Watch watch : watches.values()) {
            if (!watch.reported) {
                next = Math.min(next, watch.heard + watch.interval);
            }
        }
        return next;
    }

    /** Looks, at a time that was to be {@code wanted}. */
    void look(long nowNanos, long wanted) {
        boolean overslept = nowNanos - wanted > OVERSLEPT.toNanos();
        for (Watch watch : watches.values()) {
            if (overslept) {
                watch.heard = nowNanos;
            } else if (!watch.reported && nowNanos >= watch.heard + watch.interval) {
                watch.reported = true;
                watch.gate.failed(
                        ProbeFailed.Kind.WATCHDOG,
                        "the watchdog heard nothing for "
                                + Duration.ofNanos(watch.interval).toMillis() + " ms");
            }
        }
    }
}
