package io.respawn.app;

import io.respawn.app.Standstill.Order;
import io.respawn.core.Event;
import io.respawn.linux.Errno;
import io.respawn.linux.Memfd;
import io.respawn.linux.SelfExec;
import io.respawn.model.IntentId;
import io.respawn.process.SignalHandling;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.SelfReplacer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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

    private static final Duration LAST_WORDS = Duration.ofMillis(100);

    private final Parts parts;
    private final EventSink events;
    private final Standstill standstill;
    private final CapsuleFile file;
    private boolean underWay;

    SelfReplacement(Parts parts, EventSink events) {
        this.parts = parts;
        this.events = events;
        this.standstill = new Standstill(parts);
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
        Capsule draft = standstill.draft(order);
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
        NextImage next = NextImage.look();
        Optional<String> objection = ImageCheck.objection(next, draft.sealed());
        if (objection.isPresent()) {
            return objection.get();
        }
        standstill.awaitKafka();
        return standstill.reach(order, capsule -> become(next, capsule)).orElseThrow();
    }

    /** On the loop's thread, while nobody else does anything that the capsule would have to know of. */
    private Optional<String> become(NextImage next, Capsule capsule) {
        byte[] sealed = capsule.sealed();
        file.write(sealed);
        LOG.infof("Becoming a new image, with %s", capsule.words());
        LogRing.drain(LAST_WORDS);
        try (Memfd memory = Memfd.create(Inheritance.MEMORY, sealed)) {
            Set<Integer> kept = capsule.descriptors();
            kept.add(memory.fd());
            Set<Integer> blocked = SignalHandling.possible() ? SignalHandling.handled() : Set.of();
            Errno failed = SelfExec.become(next.with(kept, blocked)
                    .with(Inheritance.VARIABLE, Inheritance.text(memory.fd(), capsule.place(), file.path())));
            return Optional.of("the program cannot be executed: " + failed + failed.remedy());
        } finally {
            file.remove();
        }
    }
}
