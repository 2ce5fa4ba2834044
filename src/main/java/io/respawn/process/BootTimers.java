package io.respawn.process;

import io.respawn.core.Event.TimerFired;
import io.respawn.core.TimerKey;
import io.respawn.linux.Reactor;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Timers;
import java.time.Instant;
import java.util.List;

/**
 * Keeps the machine's deadlines on the boot clock, so that neither a corrected wall clock nor a sleeping machine moves
 * them. Used on the loop's thread.
 */
public final class BootTimers implements Timers, AutoCloseable {

    private final SteadyClock clock;
    private final Alarms<TimerKey> alarms;

    /** Opens the timer; before the loop runs, or on its thread. */
    public BootTimers(Reactor reactor, SteadyClock clock, EventSink events) {
        this.clock = clock;
        this.alarms = new Alarms<>(reactor, key -> events.accept(new TimerFired(key)));
    }

    @Override
    public void arm(TimerKey key, Instant deadline) {
        alarms.set(key, clock.bootNanos(deadline));
    }

    @Override
    public void cancel(TimerKey key) {
        alarms.cancel(key);
    }

    /** What is armed, the earliest first. */
    public List<KeptTimer> kept() {
        return alarms.deadlines().entrySet().stream()
                .map(each -> new KeptTimer(each.getKey(), each.getValue()))
                .toList();
    }

    /** Arms what an earlier image had armed; what was due meanwhile fires at once. */
    public void goOn(List<KeptTimer> from) {
        from.forEach(timer -> alarms.set(timer.key(), timer.deadline()));
    }

    /** How many timers are armed. */
    public int armed() {
        return alarms.size();
    }

    @Override
    public void close() {
        alarms.close();
    }
}
