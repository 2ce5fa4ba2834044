package io.respawn.process;

import io.respawn.linux.Kill;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.linux.SignalResult;
import io.respawn.linux.Signals;
import io.respawn.linux.Waiter;
import io.respawn.model.ExitStatus;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.SidecarId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What is left to do after a main process ended: see the rest of its group and of its tagged orphans die, count them, and
 * learn the exit status where the kernel tells it late. Bounded in time; on the loop's thread, which never waits for it.
 */
final class Burial {

    /** Enough for the kernel to end what got SIGKILL; longer only for a process stuck in a device. */
    static final Duration LONGEST = Duration.ofMillis(200);

    private final SidecarId sidecar;
    private final OrphanList orphans;
    private final IntPredicate ownPid;
    private final Child child;
    private final List<Child> former;
    private final boolean stranger;
    private final long deadline;
    private final Set<Integer> leftovers = new HashSet<>();
    private Optional<ExitStatus> status;
    private boolean restOfGroup;
    private boolean inBackground;
    private boolean searched;
    private boolean begun;
    private Duration pause = Duration.ofMillis(1);

    /**
     * Begins.
     *
     * @param former the mains before it that live; the spawner's children are no orphans of ours
     * @param status empty if the process was not our child: then its parent reaps it, and the kernel tells afterwards
     */
    Burial(
            SidecarId sidecar,
            OrphanList orphans,
            IntPredicate ownPid,
            Child child,
            List<Child> former,
            Optional<ExitStatus> status,
            long deadlineNanos) {
        this.sidecar = sidecar;
        this.orphans = orphans;
        this.ownPid = ownPid;
        this.child = child;
        this.former = List.copyOf(former);
        this.status = status;
        this.stranger = status.isEmpty();
        this.deadline = deadlineNanos;
    }

    /** The main is reaped: from now on somebody has to look. */
    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean isLate(long nowNanos) {
        return nowNanos >= deadline;
    }

    /** Looks around; says whether all is over or the time is. */
    boolean over(long nowNanos) {
        boolean groupGone = child.group() == 0 || Kill.group(child.group(), 0) == SignalResult.GONE;
        // A stranger may not be reaped yet, and then its group is only itself.
        restOfGroup |= !groupGone && !stranger;
        boolean someRemain = false;
        for (int pid : candidates()) {
            if (pid != child.pid() && !ownPid.test(pid)) {
                someRemain |= remains(pid);
            }
        }
        if (stranger) {
            // It comes to us when the main before it ends that had started it.
            status = Waiter.reap(child.pidfd()).ended().map(Ends::of).or(() -> status);
        }
        if (status.isEmpty()) {
            status = Waiter.exitInfo(child.pidfd()).or(this::ofZombie).map(Ends::of);
        }
        return (groupGone && !someRemain && status.isPresent()) || isLate(nowNanos);
    }

    /**
     * What the stranger's parent will be told, read while the parent lets it wait. To whom the kernel will not tell it says
     * zero, so a zero only counts for a process of our own user.
     */
    private Optional<io.respawn.linux.ExitStatus> ofZombie() {
        return ProcFs.stat(child.pid())
                .filter(stat -> stat.startTicks() == child.identity().startTicks())
                .flatMap(ProcessStat::exitStatus)
                .filter(ended -> ended.shellCode() != 0 || sameUser(child.pid()));
    }

    private static boolean sameUser(int pid) {
        return ProcFs.status(pid)
                .map(status -> status.get("Uid"))
                .equals(ProcFs.status(ProcFs.ownPid()).map(status -> status.get("Uid")));
    }

    /** Orphans of a stranger come to the stranger's parents, not to us: there one search through /proc is due. */
    private Set<Integer> candidates() {
        Set<Integer> candidates = new LinkedHashSet<>();
        former.forEach(child -> candidates.add(child.pid()));
        if (!stranger) {
            candidates.addAll(orphans.pids());
            return candidates;
        }
        candidates.addAll(searched ? leftovers : ProcFs.pids());
        searched = true;
        return candidates;
    }

    /** Whether this process belonged to the dead one and is still to go; sees to it that it goes. */
    private boolean remains(int pid) {
        Optional<ProcessStat> found = ProcFs.stat(pid);
        if (found.isEmpty() || !(leftovers.contains(pid) || belongs(found.get()))) {
            return false;
        }
        ProcessStat stat = found.get();
        leftovers.add(pid);
        inBackground |= stat.session() != child.session();
        Optional<Pidfd> held = Pidfd.open(pid, stat.startTicks());
        if (held.isEmpty()) {
            return false;
        }
        try (Pidfd pidfd = held.get()) {
            return stat.zombie()
                    ? Waiter.reap(pidfd) instanceof Waiter.Answer.Running
                    : pidfd.signal(Signals.SIGKILL) == SignalResult.SENT;
        }
    }

    private boolean belongs(ProcessStat stat) {
        if (child.owns(stat.processGroup(), stat.session()) || isFormer(stat)) {
            return true;
        }
        return ProcFs.environment(stat.pid())
                .flatMap(environment -> Tags.read(sidecar, environment))
                .filter(tags -> tags.key().equals(child.key()))
                .isPresent();
    }

    private boolean isFormer(ProcessStat stat) {
        var identity = new ProcessIdentity(stat.pid(), stat.startTicks());
        return former.stream().map(Child::identity).anyMatch(identity::equals);
    }

    /** When to look again: soon at first, as most ends take less than a millisecond. */
    Duration nextPause() {
        Duration now = pause;
        pause = pause.multipliedBy(2);
        return now;
    }

    /** How it ended, as far as is known now. */
    ExitStatus status() {
        return status.orElseGet(() -> new ExitStatus.Unknown(
                "it was not our child, and its parent or this kernel did not pass on how it ended"));
    }

    /** Whether it was not our child, so that its end was told late. */
    boolean isOfStranger() {
        return stranger;
    }

    /** How many processes were left. */
    int leftovers() {
        return restOfGroup ? Math.max(1, leftovers.size()) : leftovers.size();
    }

    /** Whether a part of it had left the session, as programs do that put themselves into the background. */
    boolean inBackground() {
        return inBackground;
    }

    Child child() {
        return child;
    }

    /** Counts a process that an orphan sweep reaped first. */
    void swept(int pid, int processGroup, int session) {
        if (child.owns(processGroup, session)) {
            leftovers.add(pid);
        }
    }
}
