package io.respawn.app;

import io.respawn.linux.Epoll;
import io.respawn.linux.EventFd;
import java.time.Duration;

/**
 * The core before this one in the same JVM, under another class loader. It supervises until it is asked for everything, so
 * that a program which cannot be compiled, or does not come up, costs nothing. Nothing but numbers of descriptors, in
 * properties of the system, goes from one class loader to the other.
 */
final class Predecessor {

    /** The descriptors by which it is asked, and answers. */
    static final String PROPERTY = "io.respawn.predecessor";

    /** Why it does not hand over, if it does not. */
    static final String REFUSAL = "io.respawn.predecessor.refusal";

    /** More than all that it waits for may take together. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private Predecessor() {}

    /**
     * Has it hand over, if there is one: it has left a capsule and let go of everything when this returns.
     *
     * @throws CannotStartException when it does not; it goes on then
     */
    static void replace() {
        String numbers = System.getProperty(PROPERTY);
        if (numbers == null) {
            return;
        }
        int colon = numbers.indexOf(':');
        EventFd question = EventFd.shared(Integer.parseInt(numbers.substring(0, colon)));
        EventFd answer = EventFd.shared(Integer.parseInt(numbers.substring(colon + 1)));
        question.signal();
        await(answer);
        String refusal = System.clearProperty(REFUSAL);
        if (refusal != null) {
            throw new CannotStartException("Cannot take over from the program before this one: " + refusal
                    + "; it goes on, and the next reload asks again");
        }
        question.close();
        answer.close();
    }

    private static void await(EventFd answer) {
        long end = System.nanoTime() + LONGEST.toNanos();
        try (Epoll epoll = new Epoll()) {
            epoll.add(answer.fd(), Epoll.IN, 0);
            while (answer.drain() == 0) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new CannotStartException(
                            "Cannot take over from the program before this one: it did not answer" + " within "
                                    + LONGEST.toSeconds() + " s; the next reload asks again");
                }
                epoll.await(Duration.ofNanos(left), (events, token) -> {});
            }
        }
    }
}
