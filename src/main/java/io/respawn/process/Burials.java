package io.respawn.process;

import io.respawn.core.Event.ProcessExited;
import io.respawn.linux.BootClock;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Orphans.Orphan;
import io.respawn.linux.Reactor;
import io.respawn.linux.Waiter;
import io.respawn.model.ExitStatus;
import io.respawn.model.SidecarId;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Sees every main that ended to its burial, and then tells of the exit. On the loop's thread. */
final class Burials implements AutoCloseable {

    static final String LEFTOVERS = "leftovers";
    static final String HINDERED = "burial-hindered";

    private static final Logger LOG = System.getLogger(Burials.class.getName());

    private final SidecarId sidecar;
    private final OrphanList orphans;
    private final IntPredicate ownPid;
    private final Autopsy autopsy;
    private final EventSink events;
    private final Statistics statistics;
    private final Alarms<ChildKey> looks;
    private final Map<ChildKey, Burial> open = new HashMap<>();

    Burials(
            SidecarId sidecar,
            Reactor reactor,
            OrphanList orphans,
            IntPredicate ownPid,
            Autopsy autopsy,
            EventSink events,
            Statistics statistics) {
        this.sidecar = sidecar;
        this.orphans = orphans;
        this.ownPid = ownPid;
        this.autopsy = autopsy;
        this.events = events;
        this.statistics = statistics;
        this.looks = new Alarms<>(reactor, this::look);
        reactor.afterFailure(this::lookAgain);
    }

    /**
     * Opens one, unless it is open; it begins with the first look, and the child's descriptor is closed at its end.
     *
     * @param former the mains before it that live, which end with it
     * @param answer how it ended, if the kernel tells us
     */
    void open(Child child, List<Child> former, Waiter.Answer answer) {
        if (!open.containsKey(child.key())) {
            Optional<ExitStatus> status = autopsy.of(child, answer);
            long deadline = BootClock.nanos() + Burial.LONGEST.toNanos();
            open.put(child.key(), new Burial(sidecar, orphans, ownPid, child, former, status, deadline));
        }
    }

    /** Ends it if nothing is left, and else looks again soon. */
    void look(ChildKey key) {
        Burial burial = open.get(key);
        if (burial == null) {
            return;
        }
        burial.begin();
        long now = BootClock.nanos();
        if (isOver(burial, now)) {
            finish(key);
        } else {
            looks.set(key, now + burial.nextPause().toNanos());
        }
    }

    private boolean isOver(Burial burial, long now) {
        try {
            return burial.over(now);
        } catch (LinuxException scarce) {
            statistics.fault(HINDERED);
            if (burial.isLate(now)) {
                LOG.log(Level.WARNING, "Cannot look for what {0} left: {1}", burial.child(), scarce.getMessage());
            }
            return burial.isLate(now);
        }
    }

    /** One whose look failed for want of memory is looked at again. */
    private void lookAgain() {
        List.copyOf(open.entrySet()).stream()
                .filter(entry -> entry.getValue().hasBegun())
                .map(Map.Entry::getKey)
                .forEach(this::look);
    }

    private void finish(ChildKey key) {
        Burial burial = Objects.requireNonNull(open.get(key));
        int leftovers = burial.leftovers();
        ExitStatus status = autopsy.late(burial);
        events.accept(new ProcessExited(key.instance(), key.incarnation(), status, leftovers));
        // Only now: an exit that could not be told, for want of memory, is told at the next look.
        open.remove(key);
        burial.child().pidfd().close();
        for (int i = 0; i < leftovers; i++) {
            statistics.fault(LEFTOVERS);
        }
        if (leftovers > 0) {
            LOG.log(
                    Level.WARNING,
                    "{0} ended with {1} and left processes behind, which were killed: {2}{3}",
                    burial.child(),
                    status.words(),
                    leftovers,
                    burial.inBackground() ? "; it runs in the background: have it run in the foreground" : "");
        }
    }

    boolean contains(ChildKey key) {
        return open.containsKey(key);
    }

    /** An orphan sweep reaped this before we saw it. */
    void swept(Orphan orphan) {
        open.values().forEach(burial -> burial.swept(orphan.pid(), orphan.processGroup(), orphan.session()));
    }

    /** Tells of all exits at once: the mains are reaped, so nobody but us can tell how they ended. */
    void finishAll() {
        List.copyOf(open.keySet()).forEach(this::finish);
    }

    @Override
    public void close() {
        finishAll();
        looks.close();
    }
}
