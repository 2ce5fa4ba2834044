package io.respawn.process;

import io.respawn.linux.Kill;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Orphans;
import io.respawn.linux.Orphans.Orphan;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.linux.SignalResult;
import io.respawn.linux.Signals;
import io.respawn.model.InstanceId;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Cleans up among the orphans that came to us: reaps those that ended, and ends those whose main is gone, such as one that
 * was just being forked off when its main was buried.
 */
final class Sweeper {

    static final String REAPED = "orphan-reaped";
    static final String STRAY = "stray-killed";
    static final String HINDERED = "sweep-hindered";

    private static final Logger LOG = System.getLogger(Sweeper.class.getName());

    private final SidecarId sidecar;
    private final OrphanList list;
    private final IntPredicate ownPid;
    private final Predicate<Tags> alive;
    private final Statistics statistics;
    private final Orphans orphans = new Orphans();
    private boolean hindered;

    /**
     * Begins.
     *
     * @param ownPid knows the mains, which are never touched here
     * @param alive whether the incarnation that the tags name has a main, or may get one in a moment
     */
    Sweeper(SidecarId sidecar, OrphanList list, IntPredicate ownPid, Predicate<Tags> alive, Statistics statistics) {
        this.sidecar = sidecar;
        this.list = list;
        this.ownPid = ownPid;
        this.alive = alive;
        this.statistics = statistics;
    }

    /** Looks once, if anything is left to look with; answers with what it reaped. */
    List<Orphan> sweep() {
        try {
            List<Orphan> reaped = look();
            hindered = false;
            return reaped;
        } catch (LinuxException scarce) {
            statistics.fault(HINDERED);
            if (!hindered) {
                LOG.log(Level.WARNING, "Cannot look for orphans until it is over: " + scarce.getMessage());
                hindered = true;
            }
            return List.of();
        }
    }

    private List<Orphan> look() {
        for (int pid : list.pids()) {
            if (!ownPid.test(pid)) {
                ProcFs.stat(pid).filter(stat -> !stat.zombie()).ifPresent(this::endStray);
            }
        }
        List<Orphan> reaped = orphans.sweep(ownPid).reaped();
        reaped.forEach(orphan -> statistics.fault(REAPED));
        return reaped;
    }

    /**
     * At the end, when no main is left: whatever came to us descends from a service, even if its environment does not say so.
     * What shares our session was started by this JVM itself.
     */
    void endAll() {
        try {
            int session = ProcFs.stat(ProcFs.ownPid()).map(ProcessStat::session).orElse(0);
            for (int pid : list.pids()) {
                if (!ownPid.test(pid)) {
                    ProcFs.stat(pid)
                            .filter(stat -> !stat.zombie() && stat.session() != session)
                            .ifPresent(this::endUnknown);
                }
            }
        } catch (LinuxException scarce) {
            statistics.fault(HINDERED);
            LOG.log(Level.WARNING, "Cannot end what services left behind: " + scarce.getMessage());
        }
    }

    /** Ends commands that an earlier image of this process ran for services, but for some. */
    void endHelpers(Predicate<InstanceId> spared) {
        for (int pid : list.pids()) {
            Optional<ProcessStat> helper = ProcFs.stat(pid).filter(stat -> !stat.zombie() && isHelper(stat, spared));
            helper.flatMap(stat -> Pidfd.open(pid, stat.startTicks())).ifPresent(held -> {
                try (held) {
                    // It leads a group of its own, as all do that run for services.
                    Kill.group(held.pid(), Signals.SIGKILL);
                }
            });
        }
    }

    private boolean isHelper(ProcessStat stat, Predicate<InstanceId> spared) {
        return stat.processGroup() == stat.pid()
                && ProcFs.environment(stat.pid())
                        .flatMap(environment -> Tags.read(sidecar, environment))
                        .filter(tags -> tags.helper() && !spared.test(tags.instance()))
                        .isPresent();
    }

    private void endUnknown(ProcessStat stat) {
        Optional<Pidfd> held = Pidfd.open(stat.pid(), stat.startTicks());
        if (held.isEmpty()) {
            return;
        }
        try (Pidfd pidfd = held.get()) {
            SignalResult result = pidfd.signal(Signals.SIGKILL);
            statistics.fault(STRAY);
            LOG.log(
                    Level.WARNING,
                    "Found the process {0} ({1}) when all services had ended; it belonged to one of them, in a session and"
                            + " with an environment of its own; SIGKILL: {2}",
                    Integer.toString(stat.pid()),
                    stat.name(),
                    result);
        }
    }

    private void endStray(ProcessStat stat) {
        Optional<Tags> tags = ProcFs.environment(stat.pid())
                .flatMap(environment -> Tags.read(sidecar, environment))
                .filter(named -> !alive.test(named));
        Optional<Pidfd> held = tags.flatMap(dead -> Pidfd.open(stat.pid(), stat.startTicks()));
        if (held.isEmpty()) {
            return;
        }
        try (Pidfd pidfd = held.get()) {
            SignalResult result = pidfd.signal(Signals.SIGKILL);
            statistics.fault(STRAY);
            LOG.log(
                    Level.WARNING,
                    "Found the process {0} ({1}) of {2}, whose incarnation {3} has ended; SIGKILL: {4}",
                    Integer.toString(stat.pid()),
                    stat.name(),
                    tags.get().instance(),
                    Long.toString(tags.get().incarnation()),
                    result);
        }
    }
}
