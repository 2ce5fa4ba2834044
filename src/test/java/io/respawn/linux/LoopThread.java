package io.respawn.linux;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs a reactor on a thread of its own for the length of a test. */
final class LoopThread implements AutoCloseable {

    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    final Reactor reactor = new Reactor(errors::add);
    private final Thread thread = new Thread(reactor::run, "test-loop");

    LoopThread() {
        thread.start();
    }

    /** Does something on the loop and waits for its answer. */
    <T> T ask(Supplier<T> question) {
        var answer = new CompletableFuture<T>();
        reactor.execute(() -> answer.complete(question.get()));
        return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }

    void run(Runnable action) {
        ask(() -> {
            action.run();
            return true;
        });
    }

    /** Completes with the answer as soon as the process has ended; it stays unreaped. */
    CompletableFuture<Waiter.Answer> ended(Pidfd pidfd) {
        var answer = new CompletableFuture<Waiter.Answer>();
        run(() -> reactor.watch(pidfd.fd(), Epoll.IN, events -> {
            reactor.unwatch(pidfd.fd());
            answer.complete(Waiter.peek(pidfd));
        }));
        return answer.orTimeout(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        reactor.stop();
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                throw new AssertionError("Cannot end the loop of the test");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Cannot end the loop of the test", interrupted);
        }
        reactor.close();
    }
}
