package io.respawn.linux;

import static io.respawn.linux.libc.Processes.P_ALL;
import static io.respawn.linux.libc.Processes.P_PID;
import static io.respawn.linux.libc.Processes.WNOWAIT;

import io.respawn.linux.Waiter.Answer;
import io.respawn.linux.libc.Unistd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Reaps the orphans that come to a subreaper or to process 1, and nobody else's children.
 *
 * <p>Three kinds of zombie hang on this process. Own children have their pidfd and are left to it. Children of the JDK's
 * ProcessBuilder are in our process group; if we took one, its {@code exitValue} would be 0 whatever happened, so they are
 * left to the JDK. All others are orphans. What stays in our group for long is nobody's (a child of the image before a
 * re-exec) and is reaped late. One thread uses an object of this class.
 */
public final class Orphans {

    /** The JDK reaps within milliseconds; seconds leave room for a machine without a free processor. */
    private static final Duration LEFT_TO_THE_JDK = Duration.ofSeconds(5);

    private final long patienceNanos;
    private Map<Integer, Long> firstSeen = new HashMap<>();

    /**
     * An orphan that was reaped.
     *
     * @param pid its number, free from now on
     * @param processGroup its last process group
     * @param session its last session: says to which service it belonged, unless it left with one of its own
     * @param status how it ended
     */
    public record Orphan(int pid, int processGroup, int session, ExitStatus status) {}

    /**
     * What a sweep brought.
     *
     * @param reaped the orphans
     * @param postponed whether a spawn was in flight, so that nothing was done; sweep again soon
     * @param left how many zombies were left to those whose children they are
     */
    public record Sweep(List<Orphan> reaped, boolean postponed, int left) {}

    /** Leaves the JDK its children for five seconds. */
    public Orphans() {
        this(LEFT_TO_THE_JDK);
    }

    /** Leaves the JDK its children for so long. */
    public Orphans(Duration leftToTheJdk) {
        this.patienceNanos = leftToTheJdk.toNanos();
    }

    /** Reaps all orphans that have ended; the predicate knows the pids that have a pidfd of ours. Never waits. */
    public Sweep sweep(IntPredicate ownPid) {
        if (!Children.SWEPT.tryLock()) {
            return new Sweep(List.of(), true, 0);
        }
        try {
            // One cheap look first: most of the time no child of any kind has ended.
            boolean quiet = Waiter.ask(P_ALL, 0, WNOWAIT, -1).ended().isEmpty();
            return quiet ? nothing() : sweepChildren(ownPid);
        } finally {
            Children.SWEPT.unlock();
        }
    }

    private Sweep nothing() {
        firstSeen.clear();
        return new Sweep(List.of(), false, 0);
    }

    private Sweep sweepChildren(IntPredicate ownPid) {
        int ownGroup = Unistd.getpgid(0);
        long now = System.nanoTime();
        Map<Integer, Long> waiting = new HashMap<>();
        List<Orphan> reaped = new ArrayList<>();
        int left = 0;
        for (int pid : ProcFs.ownChildren()) {
            Optional<ProcessStat> stat =
                    ownPid.test(pid) ? Optional.empty() : ProcFs.stat(pid).filter(ProcessStat::zombie);
            if (stat.isEmpty()) {
                continue;
            }
            long since = firstSeen.getOrDefault(pid, now);
            if (stat.get().processGroup() == ownGroup && now - since < patienceNanos) {
                waiting.put(pid, since);
                left++;
                continue;
            }
            reap(stat.get()).ifPresent(reaped::add);
        }
        firstSeen = waiting;
        return new Sweep(List.copyOf(reaped), false, left);
    }

    private static Optional<Orphan> reap(ProcessStat stat) {
        Answer answer = Waiter.ask(P_PID, stat.pid(), 0, stat.pid());
        return answer.ended().map(status -> new Orphan(stat.pid(), stat.processGroup(), stat.session(), status));
    }
}
