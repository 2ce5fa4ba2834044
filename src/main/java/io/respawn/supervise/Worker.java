package io.respawn.supervise;

import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * The end of the loop's pipeline. It subscribes as it is, without an operator in between: the first operator of a program has
 * Mutiny look up its settings, for which the framework's whole configuration is read before the first service is started.
 */
final class Worker<T> implements MultiSubscriber<Queue<T>> {

    private final Consumer<Queue<T>> work;
    private final Consumer<Throwable> end;
    private boolean ended;

    /** {@code end} is told once, when nothing is going to be done any more. */
    Worker(Consumer<Queue<T>> work, Consumer<Throwable> end) {
        this.work = work;
        this.end = end;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onItem(Queue<T> group) {
        if (ended) {
            return;
        }
        try {
            work.accept(group);
        } catch (RuntimeException | Error defect) {
            onFailure(defect);
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        ended = true;
        end.accept(failure);
    }

    @Override
    public void onCompletion() {
        onFailure(new IllegalStateException("the source of the loop's pipeline came to an end"));
    }
}
