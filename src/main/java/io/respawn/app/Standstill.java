package io.respawn.app;

import io.respawn.core.Standing;
import io.respawn.linux.BootClock;
import io.respawn.model.IntentId;
import io.respawn.probe.KeptSocket;
import io.respawn.process.KeptOutput;
import io.respawn.supervise.Forwarding;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Brings the sidecar to rest in the middle of its work, so that a capsule can be filled in which nothing is missing.
 *
 * <p>What may take time happens on the caller's thread, while the loop supervises on; only the last part is the loop's.
 */
record Standstill(Parts parts) {

    private static final Logger LOG = Logger.getLogger(Standstill.class);

    /** What Kafka does not have by then rides in the capsule. */
    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(1);

    private static final Duration LONGEST_START = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT_FOR_LOOP = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** Why it is wanted; goes into the capsule. */
    record Order(Optional<IntentId> intent, int failures) {}

    /**
     * Has everything stand still, and the rest done on the loop's thread, while nobody else does anything that the capsule
     * would have to know of.
     *
     * @param rest gets the full capsule, and answers why it could not be used; then everything goes on
     * @return that answer, or why there was no standstill; empty when everything stands still for good
     */
    Optional<String> reach(Order order, Function<Capsule, Optional<String>> rest) throws InterruptedException {
        if (!parts.processes().handover().pauseStarts(LONGEST_START)) {
            return Optional.of("the start of a process has not come to an end within " + LONGEST_START.toSeconds()
                    + " s; look at the file system its program is on, and order it again");
        }
        boolean forGood = false;
        try {
            Optional<KeptSocket> socket = parts.socket().park();
            KeptOutput output = parts.output().park();
            Optional<String> reason = lastPart(() -> settled(() -> rest.apply(capsule(order, socket, output))));
            forGood = reason.isEmpty();
            return reason;
        } finally {
            if (!forGood) {
                parts.output().unpark();
                parts.socket().unpark();
                parts.processes().handover().goOnStarting();
            }
        }
    }

    /** The less there is to be written again, the better; but supervision depends on no broker. */
    void awaitKafka() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_FLUSH.toNanos();
        Forwarding lines = parts.output().forwarding();
        lines.awaitThrough(lines.mark(), LONGEST_FLUSH);
        while (!onLoop(() -> parts.supervisor().unacknowledged().isEmpty()) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private <T> T onLoop(Supplier<T> question) throws InterruptedException {
        return answer(CompletableFuture.supplyAsync(question, parts.reactor()));
    }

    /** Either the loop begins with it in time, or never: what is parked does not stay so. */
    private Optional<String> lastPart(Supplier<Optional<String>> work) throws InterruptedException {
        Optional<String> late = Optional.of("the loop is too busy; order it again");
        AtomicBoolean open = new AtomicBoolean(true);
        CompletableFuture<Optional<String>> given = CompletableFuture.supplyAsync(
                () -> open.compareAndSet(true, false) ? work.get() : late, parts.reactor());
        try {
            return given.get(LONGEST_WAIT_FOR_LOOP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooLong) {
            LOG.debug("The loop takes long", tooLong);
            return open.compareAndSet(true, false) ? late : answer(given);
        } catch (ExecutionException failed) {
            return answer(given);
        }
    }

    private static <T> T answer(CompletableFuture<T> given) throws InterruptedException {
        try {
            return given.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("Cannot do this on the loop", failed.getCause());
        }
    }

    private Optional<String> settled(Supplier<Optional<String>> rest) {
        parts.processes().handover().tellExits();
        if (!parts.supervisor().settle()) {
            return Optional.of("more happens than can be handled; order it again");
        }
        // Asked last: from here on a signal waits for whoever goes on.
        if (parts.memory().state().standing().phase() == Standing.Phase.STOPPING) {
            return Optional.of("the sidecar is stopping");
        }
        return rest.get();
    }

    /** As it would be now, but for what only stands still later; on the loop's thread. */
    Capsule draft(Order order) {
        return capsule(order, Optional.empty(), KeptOutput.NONE);
    }

    private Capsule capsule(Order order, Optional<KeptSocket> socket, KeptOutput output) {
        Memory memory = parts.memory();
        return new Capsule(
                memory.state().plan(),
                parts.settings(),
                parts.inForce().frameworkProperties(),
                memory.state().continuation(),
                parts.supervisor().unacknowledged(),
                parts.timers().kept(),
                parts.processes().handover().keptStarts(),
                parts.prober().kept(),
                socket,
                output,
                memory.place(),
                memory.trouble(),
                parts.clock().anchor(),
                BootClock.nanos(),
                order.intent(),
                order.failures(),
                parts.processes().handover().keptHolds(),
                parts.statistics().respawns(),
                parts.statistics().consumption().kept(),
                parts.prober().keptHooks());
    }
}
