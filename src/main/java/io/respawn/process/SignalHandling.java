package io.respawn.process;

import io.respawn.core.Event.ShutdownRequested;
import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.Reactor;
import io.respawn.linux.SignalFd;
import io.respawn.linux.SignalFd.Received;
import io.respawn.linux.SignalMask;
import io.respawn.linux.Signals;
import io.respawn.supervise.EventSink;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Turns the signals to the sidecar into facts for the loop: TERM and INT ask it to leave, HUP and USR1 call back.
 *
 * <p>The signals must be blocked in every thread since the start of the program; see {@link #possible}. Where they are not,
 * {@link ShutdownOnExit} takes this class's place.
 */
public final class SignalHandling implements AutoCloseable {

    /** Sooner it may be the same wish, sent by a terminal and by a parent. */
    static final Duration SECOND_WISH_AFTER = Duration.ofSeconds(2);

    private static final Set<Integer> HANDLED =
            Set.of(Signals.SIGTERM, Signals.SIGINT, Signals.SIGHUP, Signals.SIGUSR1);

    private final Reactor reactor;
    private final EventSink events;
    private final Runnable onHangup;
    private final Runnable onUser1;
    private final SignalFd signals;
    private OptionalLong firstWish = OptionalLong.empty();

    /** Begins to receive; before the loop runs, or on its thread. The callbacks run on the loop's thread. */
    public SignalHandling(Reactor reactor, EventSink events, Runnable onHangup, Runnable onUser1) {
        this.reactor = reactor;
        this.events = events;
        this.onHangup = onHangup;
        this.onUser1 = onUser1;
        this.signals = new SignalFd(HANDLED);
        reactor.watch(signals.fd(), Epoll.IN, ready -> receive());
    }

    /** Whether the calling thread blocks all the signals, as every thread then does that was started after it. */
    public static boolean possible() {
        return SignalMask.current().containsAll(HANDLED);
    }

    /** The signals that must be blocked. */
    public static Set<Integer> handled() {
        return HANDLED;
    }

    private void receive() {
        Optional<Received> next = signals.read();
        while (next.isPresent()) {
            handle(next.get());
            next = signals.read();
        }
    }

    private void handle(Received received) {
        switch (received.signal()) {
            case Signals.SIGHUP -> onHangup.run();
            case Signals.SIGUSR1 -> onUser1.run();
            default -> leave(received);
        }
    }

    private void leave(Received received) {
        long now = BootClock.nanos();
        boolean forced = firstWish.isPresent() && now - firstWish.getAsLong() >= SECOND_WISH_AFTER.toNanos();
        if (firstWish.isEmpty()) {
            firstWish = OptionalLong.of(now);
        }
        // 0 stands for the kernel (a terminal's Ctrl-C) or for a sender outside this PID namespace, such as a kubelet.
        String sender = received.senderPid() == 0 ? "" : " from pid " + received.senderPid();
        events.accept(new ShutdownRequested(Signals.name(received.signal()) + sender, forced));
    }

    @Override
    public void close() {
        reactor.unwatch(signals.fd());
        signals.close();
    }
}
