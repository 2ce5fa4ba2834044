package io.respawn.process;

import io.respawn.linux.Epoll;
import io.respawn.linux.Pidfd;
import io.respawn.linux.Waiter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Waits, not for ever, until processes that were killed have ended, and reaps those that are ours to reap. */
final class Reaping {

    private Reaping() {}

    static void await(List<Pidfd> dying, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        try (var epoll = new Epoll()) {
            Map<Long, Pidfd> open = new HashMap<>();
            for (Pidfd pidfd : dying) {
                open.put((long) pidfd.fd(), pidfd);
                epoll.add(pidfd.fd(), Epoll.IN, pidfd.fd());
            }
            long left = longest.toNanos();
            while (!open.isEmpty() && left > 0) {
                // A wait of less than a millisecond would be none.
                epoll.await(Duration.ofNanos(Math.max(1_000_000, left)), (events, token) -> {
                    Pidfd ended = open.remove(token);
                    if (ended != null) {
                        epoll.remove(ended.fd());
                        Waiter.reap(ended);
                    }
                });
                left = deadline - System.nanoTime();
            }
        }
    }
}
