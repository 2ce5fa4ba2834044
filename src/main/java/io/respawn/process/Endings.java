package io.respawn.process;

import io.respawn.linux.BootClock;
import io.respawn.linux.Reactor;
import io.respawn.linux.Signals;
import io.respawn.linux.Waiter;
import io.respawn.supervise.Hearing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Judges the end of a process that is held: one that handed over is reaped and forgotten; a main is buried, but not before
 * it was heard out, since its last word may be that another one is the main. On the loop's thread.
 */
final class Endings implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Endings.class.getName());
    private static final Duration LONGEST_HEARING = Duration.ofSeconds(1);

    private final Reactor reactor;
    private final Hearing hearing;
    private final Mains mains;
    private final Burials burials;
    private final Signalling signalling;
    private final ChildOutput output;
    private final Alarms<Child> lastWords;

    Endings(Reactor reactor, Hearing hearing, Mains mains, Burials burials, Signalling signalling, ChildOutput output) {
        this.reactor = reactor;
        this.hearing = hearing;
        this.mains = mains;
        this.burials = burials;
        this.signalling = signalling;
        this.output = output;
        this.lastWords = new Alarms<>(reactor, this::heardOut);
    }

    /** Is told of the end of any process that is held, as often as it likes. */
    void ended(Child child) {
        Waiter.Answer answer = Waiter.peek(child.pidfd());
        if (answer instanceof Waiter.Answer.Running) {
            return;
        }
        if (!mains.isPresent(child)) {
            mains.forget(child);
        } else if (hearing.isAwaited(child.instance())) {
            // Not for ever: the end counts, whatever became of the listener.
            lastWords.set(child, BootClock.nanos() + LONGEST_HEARING.toNanos());
            reactor.unwatch(child.pidfd().fd());
            hearing.hearOut(child.instance(), () -> onLoop(() -> heardOut(child)));
        } else {
            bury(child, answer);
        }
    }

    private void onLoop(Runnable work) {
        try {
            reactor.execute(work);
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The loop has ended; whoever ended meanwhile is found by the next sidecar", ended);
        }
    }

    private void heardOut(Child child) {
        if (mains.isPresent(child)) {
            bury(child, Waiter.peek(child.pidfd()));
        } else {
            mains.forget(child);
        }
        lastWords.cancel(child);
    }

    /**
     * The group is killed before the main is reaped: until then its number, and the group's, cannot come back. If memory
     * gives out in between, the descriptor stays readable and watched, or the alarm set, and all of it is done again; so the
     * status is kept before it can be asked for only once.
     */
    private void bury(Child child, Waiter.Answer answer) {
        List<Child> former = mains.former(child.key());
        burials.open(child, former, answer);
        int writers = output.writers(child.instance());
        signalling.send(child, Signals.SIGKILL);
        former.forEach(before -> signalling.send(before, Signals.SIGKILL));
        Waiter.reap(child.pidfd());
        mains.release(child);
        burials.look(child.key());
        // Only now: a replacement should not wait for the reader of output to wake up.
        output.ended(child.instance(), writers);
    }

    @Override
    public void close() {
        lastWords.close();
    }
}
