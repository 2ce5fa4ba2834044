package io.respawn.app;

import io.respawn.core.Event;
import io.respawn.core.Standing;
import io.respawn.linux.BootClock;
import io.respawn.linux.Errno;
import io.respawn.linux.Memfd;
import io.respawn.linux.SelfExec;
import io.respawn.model.IntentId;
import io.respawn.probe.KeptSocket;
import io.respawn.process.KeptOutput;
import io.respawn.process.SignalHandling;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.SelfReplacer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Has this process become a new image of the program, by {@code execve}: the new image is checked, everything comes to rest,
 * a capsule takes along what is known, and pid, children and pipes stay. Whatever is in the way, the old image goes on as if
 * nothing had been asked.
 *
 * <p>What may take time happens on a thread of its own, while the loop supervises on; only the last part is the loop's.
 */
final class SelfReplacement implements SelfReplacer {

    private static final Logger LOG = Logger.getLogger(SelfReplacement.class);

    /** What Kafka does not have by then rides in the capsule. */
    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(1);

    private static final Duration LONGEST_START = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT_FOR_LOOP = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofMillis(100);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Parts parts;
    private final EventSink events;
    private final CapsuleFile file;
    private boolean underWay;

    private record Order(Optional<IntentId> intent, int failures) {}

    SelfReplacement(Parts parts, EventSink events) {
        this.parts = parts;
        this.events = events;
        this.file = new CapsuleFile(parts.memory().directory());
    }

    @Override
    public void respawn(IntentId intent) {
        begin(new Order(Optional.of(intent), 0));
    }

    /** The framework has not come up so often in a row: a new image may do better. On the loop's thread. */
    void tryAnother(int failures) {
        begin(new Order(Optional.empty(), failures));
    }

    private void begin(Order order) {
        if (underWay) {
            refuse(order, "another respawn is under way");
            return;
        }
        underWay = true;
        Capsule draft = capsule(order, Optional.empty(), KeptOutput.NONE);
        Thread.ofPlatform().daemon().name("respawn-replacement").start(() -> carryOut(order, draft));
    }

    private void carryOut(Order order, Capsule draft) {
        String reason;
        try {
            reason = attempt(order, draft);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            reason = "the sidecar is ending";
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot respawn, because of a defect; everything goes on", failed);
            reason = failed.toString();
        }
        String words = reason;
        parts.reactor().execute(() -> {
            underWay = false;
            refuse(order, words);
        });
    }

    private void refuse(Order order, String reason) {
        String words = "Cannot respawn: " + reason;
        parts.statistics().respawnRefused();
        LOG.warn(words + "; the sidecar goes on as it is");
        order.intent().ifPresent(intent -> events.accept(new Event.RespawnRefused(intent, words)));
    }

    /** Comes back only with the reason why there is no new image. */
    private String attempt(Order order, Capsule draft) throws InterruptedException {
        if (DevMode.isOn()) {
            return "a development mode owns this JVM; save a source file, and it loads the program anew";
        }
        Optional<String> objection = ImageCheck.objection(draft.sealed());
        if (objection.isPresent()) {
            return objection.get();
        }
        awaitKafka();
        if (!parts.processes().handover().pauseStarts(LONGEST_START)) {
            return "the start of a process has not come to an end within " + LONGEST_START.toSeconds()
                    + " s; look at the file system its program is on, and order it again";
        }
        try {
            Optional<KeptSocket> socket = parts.socket().park();
            KeptOutput output = parts.output().park();
            return lastPart(() -> become(order, socket, output));
        } finally {
            parts.output().unpark();
            parts.socket().unpark();
            parts.processes().handover().goOnStarting();
        }
    }

    /** The less there is to be written again, the better; but supervision depends on no broker. */
    private void awaitKafka() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_FLUSH.toNanos();
        while (!onLoop(() -> parts.supervisor().unacknowledged().isEmpty()) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private <T> T onLoop(Supplier<T> question) throws InterruptedException {
        return answer(CompletableFuture.supplyAsync(question, parts.reactor()));
    }

    /** Either the loop begins with it in time, or never: what is parked does not stay so. */
    private String lastPart(Supplier<String> work) throws InterruptedException {
        AtomicBoolean open = new AtomicBoolean(true);
        CompletableFuture<String> given =
                CompletableFuture.supplyAsync(() -> open.compareAndSet(true, false) ? work.get() : "", parts.reactor());
        try {
            return given.get(LONGEST_WAIT_FOR_LOOP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            LOG.debug("The loop takes long", late);
            return open.compareAndSet(true, false) ? "the loop is too busy; order it again" : answer(given);
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

    /** On the loop's thread, while nobody else does anything that the capsule would have to know of. */
    private String become(Order order, Optional<KeptSocket> socket, KeptOutput output) {
        parts.processes().handover().tellExits();
        if (!parts.supervisor().settle()) {
            return "more happens than can be handled; order it again";
        }
        // Asked last: from here on a signal waits for the new image.
        if (parts.memory().state().standing().phase() == Standing.Phase.STOPPING) {
            return "the sidecar is stopping";
        }
        Capsule capsule = capsule(order, socket, output);
        byte[] sealed = capsule.sealed();
        file.write(sealed);
        LOG.infof("Becoming a new image, with %s", capsule.words());
        LogRing.drain(LAST_WORDS);
        try (Memfd memory = Memfd.create(Inheritance.MEMORY, sealed)) {
            Set<Integer> kept = capsule.descriptors();
            kept.add(memory.fd());
            Set<Integer> blocked = SignalHandling.possible() ? SignalHandling.handled() : Set.of();
            Errno failed = SelfExec.become(SelfExec.Image.again(kept, blocked)
                    .with(Inheritance.VARIABLE, Inheritance.text(memory.fd(), capsule.place(), file.path())));
            return "the program cannot be executed: " + failed + failed.remedy();
        } finally {
            file.remove();
        }
    }

    private Capsule capsule(Order order, Optional<KeptSocket> socket, KeptOutput output) {
        Memory memory = parts.memory();
        return new Capsule(
                parts.plan(),
                parts.settings(),
                parts.frameworkProperties(),
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
                parts.statistics().respawns());
    }
}
