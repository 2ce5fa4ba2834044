package io.respawn.process;

import io.respawn.core.Event.HandedOver;
import io.respawn.linux.LinuxException;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.linux.Reactor;
import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Members;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/** Has another process of an instance become its main, while the old one lives or before its end is judged. */
final class Succession implements Members {

    static final String REFUSED = "handover-refused";

    private static final Logger LOG = System.getLogger(Succession.class.getName());

    private final Membership membership;
    private final Mains mains;
    private final Predicate<ChildKey> expected;
    private final Set<Integer> ownPids;
    private final Reactor reactor;
    private final EventSink events;
    private final Statistics statistics;

    /** Said by processes whose start is not known on the loop yet. */
    private final Map<ChildKey, ProcessIdentity> early = new HashMap<>();

    /** {@code expected} knows of which incarnations a main will be held in a moment. */
    Succession(
            Membership membership,
            Mains mains,
            Predicate<ChildKey> expected,
            Set<Integer> ownPids,
            Reactor reactor,
            EventSink events,
            Statistics statistics) {
        this.membership = membership;
        this.mains = mains;
        this.expected = expected;
        this.ownPids = ownPids;
        this.reactor = reactor;
        this.events = events;
        this.statistics = statistics;
    }

    @Override
    public Optional<Member> find(int pid, int uid) {
        return membership.find(pid, uid);
    }

    /** What is found out here is proven when it is taken hold of: by then the process must still be this one. */
    @Override
    public Optional<ProcessIdentity> heir(Member of, int pid) {
        return ProcFs.stat(pid)
                .filter(stat -> !stat.zombie() && membership.comprises(of, stat))
                .map(ProcessStat::startTicks)
                .map(startTicks -> new ProcessIdentity(pid, startTicks));
    }

    @Override
    public void follow(Member of, ProcessIdentity heir) {
        try {
            reactor.execute(() -> succeed(new ChildKey(of.instance(), of.incarnation()), heir));
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The loop has ended; nobody follows a main any more", ended);
        }
    }

    /** There is a main now: if it has handed over already, that counts once the present turn is over. */
    void begun(ChildKey key) {
        ProcessIdentity heir = early.remove(key);
        if (heir != null) {
            reactor.execute(() -> succeed(key, heir));
        }
    }

    /** There will not be one. */
    void cancelled(ChildKey key) {
        early.remove(key);
    }

    private void succeed(ChildKey key, ProcessIdentity heir) {
        Optional<Child> main = mains.find(key);
        if (main.isEmpty()) {
            if (expected.test(key)) {
                early.put(key, heir);
            } else {
                refuse(key, heir, "its old main has ended before");
            }
        } else if (!main.get().identity().equals(heir)) {
            succeed(main.get(), heir);
        }
    }

    private void succeed(Child main, ProcessIdentity heir) {
        ChildKey key = main.key();
        Optional<Child> before = mains.former(key).stream()
                .filter(child -> child.identity().equals(heir))
                .findFirst();
        if (before.isPresent()) {
            mains.recall(before.get());
        } else if (!takeHold(main, heir)) {
            return;
        }
        LOG.log(Level.INFO, "{0} handed over: its main is the process {1} now", main, Integer.toString(heir.pid()));
        events.accept(new HandedOver(key.instance(), key.incarnation(), heir));
    }

    private boolean takeHold(Child main, ProcessIdentity heir) {
        // Before the look, so that no sweep takes its end for an orphan's.
        ownPids.add(heir.pid());
        try {
            Optional<Child> held = Child.held(main.tags(), heir);
            held.ifPresent(mains::hold);
            if (held.isPresent()) {
                return true;
            }
            refuse(main.key(), heir, "it has ended");
        } catch (LinuxException scarce) {
            refuse(main.key(), heir, scarce.getMessage() + scarce.errno().remedy());
        }
        ownPids.remove(heir.pid());
        return false;
    }

    private void refuse(ChildKey key, ProcessIdentity heir, String why) {
        statistics.fault(REFUSED);
        LOG.log(
                Level.WARNING,
                "Cannot take the process {0} for the main of {1}: {2}; have the old main end only when the new one is"
                        + " there and named by MAINPID",
                Integer.toString(heir.pid()),
                key.instance(),
                why);
    }
}
