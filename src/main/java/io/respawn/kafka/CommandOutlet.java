package io.respawn.kafka;

import io.respawn.model.Position;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Between the session, which reads commands, and the channel, which asks for them. Holds at most the limit and one poll's
 * worth beyond it: once so many are neither asked for nor acknowledged, the session pauses its partitions. Thread-safe.
 */
public final class CommandOutlet {

    /** How many commands may be under way unless said otherwise. */
    public static final int DEFAULT_LIMIT = 1_000;

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Logger LOG = Logger.getLogger(CommandOutlet.class);

    private final int limit;
    private final UnicastProcessor<Message<Parcel>> queue = UnicastProcessor.create();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Acceptances acceptances = new Acceptances();
    private final Passage passage = new Passage();

    public CommandOutlet(int limit) {
        this.limit = limit;
    }

    /** The commands, for one subscriber; a parcel is to be acknowledged once all in it are accepted and that is committed. */
    Multi<Message<Parcel>> messages() {
        return queue;
    }

    /** Completes when the acceptance of the command at this position is committed. */
    CompletionStage<Void> acceptance(Position position) {
        return acceptances.of(position);
    }

    /** The loop has the command at this position. */
    void arrived(Position position) {
        passage.arrived(position);
    }

    /** How many commands are read and not yet acknowledged. */
    public int underWay() {
        return underWay.get();
    }

    boolean isFull() {
        return underWay.get() >= limit;
    }

    boolean isRoomy() {
        return underWay.get() <= limit / 2;
    }

    /** Commands that were read are under way from now on. */
    void setOut(Parcel parcel) {
        parcel.commands().forEach(command -> passage.setOut(command.position()));
        underWay.addAndGet(parcel.commands().size());
    }

    /** Puts what has set out into the channel. */
    void offer(Parcel parcel) {
        queue.onNext(Message.of(parcel, () -> settled(parcel), failure -> {
            LOG.errorf(
                    failure,
                    "Cannot take the commands from %s on: they are read again after a restart",
                    parcel.commands().getFirst().position());
            return settled(parcel);
        }));
    }

    private CompletionStage<Void> settled(Parcel parcel) {
        underWay.addAndGet(-parcel.commands().size());
        return CompletableFuture.completedFuture(null);
    }

    void passBy(Position position) {
        passage.passBy(position);
    }

    /** Waits until everything that was read is in the loop's hands, which takes moments if somebody asks for it at all. */
    void awaitDelivery(Duration limit) {
        long begun = System.nanoTime();
        while (!passage.isClear()
                && !Thread.currentThread().isInterrupted()
                && System.nanoTime() - begun < limit.toNanos()) {
            LockSupport.parkNanos(MOMENT.toNanos());
        }
    }

    /** Reading begins anew at the ledger's positions: what was passed by is passed by again. */
    void beginAnew() {
        passage.clear();
    }

    List<Position> takePassed() {
        return passage.takePassed();
    }

    void committed(Map<String, Long> positions) {
        acceptances.committed(positions);
    }
}
