package io.respawn.app;

import io.respawn.app.Standstill.Order;
import io.respawn.linux.Epoll;
import io.respawn.linux.EventFd;
import io.respawn.linux.Memfd;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Waits for a core that follows in the same JVM, under another class loader, and hands it everything by a capsule; the other
 * side of {@link Predecessor}.
 */
final class Successor implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Successor.class);

    private final Parts parts;
    private final Core core;
    private final EventFd question = new EventFd();
    private final EventFd answer = new EventFd();
    private boolean underWay;
    private boolean closed;

    /** Can be asked from the loop's first turn; before the loop runs. */
    Successor(Parts parts, Core core) {
        this.parts = parts;
        this.core = core;
        parts.reactor().watch(question.fd(), Epoll.IN, ready -> asked());
    }

    /** Whoever comes now finds us. */
    void await() {
        System.setProperty(Predecessor.PROPERTY, question.fd() + ":" + answer.fd());
    }

    private void asked() {
        question.drain();
        if (!underWay) {
            underWay = true;
            Thread.ofPlatform().daemon().name("respawn-replacement").start(this::handOver);
        }
    }

    private void handOver() {
        Optional<String> refusal;
        try {
            refusal = new Standstill(parts).reach(new Order(Optional.empty(), 0), this::leaveCapsule);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            refusal = Optional.of("the sidecar is ending");
        } catch (RuntimeException | Error failed) {
            LOG.error("Cannot hand over, because of a defect; everything goes on", failed);
            refusal = Optional.of(failed.toString());
        }
        refusal.ifPresentOrElse(
                reason -> {
                    System.setProperty(Predecessor.REFUSAL, reason);
                    parts.reactor().execute(() -> underWay = false);
                },
                core::leave);
        // The descriptors are the other side's from here on, unless it was refused.
        answer.signal();
    }

    /** The last turn of the loop. */
    private Optional<String> leaveCapsule(Capsule found) {
        Capsule capsule = found.duplicate();
        Memfd memory = Memfd.create(Inheritance.MEMORY, capsule.sealed());
        if (!core.letGo()) {
            memory.close();
            capsule.close();
            return Optional.of("the JVM is ending");
        }
        LOG.infof("Handing over to the program that was loaded anew, with %s", capsule.words());
        parts.reactor().unwatch(question.fd());
        System.clearProperty(Predecessor.PROPERTY);
        System.setProperty(Inheritance.PROPERTY, Inheritance.text(memory.fd(), capsule));
        parts.reactor().abandon();
        return Optional.empty();
    }

    /** There is nothing to be had from us any more. On the loop's thread, or when that has ended. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            System.getProperties().remove(Predecessor.PROPERTY, question.fd() + ":" + answer.fd());
            parts.reactor().unwatch(question.fd());
            question.close();
            answer.close();
        }
    }
}
