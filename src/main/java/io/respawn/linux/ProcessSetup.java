package io.respawn.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Says what a process is given before the first instruction of its program, in the kernel's own terms.
 *
 * @param user the user it runs as
 * @param group its primary group
 * @param groups its further groups; none is an answer too
 * @param umask which bits new files do not get
 * @param noNewPrivileges whether no program it loads may gain rights, as by a set-user-id bit
 * @param nice how much it gives way, -20 to 19
 * @param limits what it may use
 * @param oomScore how much rather than others it is ended when memory runs out, -1000 to 1000
 * @param cgroup the directory of the control group that it is put in
 */
public record ProcessSetup(
        OptionalInt user,
        OptionalInt group,
        Optional<List<Integer>> groups,
        OptionalInt umask,
        boolean noNewPrivileges,
        OptionalInt nice,
        List<Limit> limits,
        OptionalInt oomScore,
        Optional<Path> cgroup) {

    /** Nothing but what everybody gets. */
    public static final ProcessSetup NONE = new ProcessSetup(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            false,
            OptionalInt.empty(),
            List.of(),
            OptionalInt.empty(),
            Optional.empty());

    /**
     * How much of something it may use.
     *
     * @param name what users call it
     * @param resource what the kernel calls it
     * @param soft what holds at first, -1 for no limit
     * @param hard up to which it may raise that by itself, -1 for no limit
     */
    public record Limit(String name, int resource, long soft, long hard) {}

    public ProcessSetup {
        groups = groups.map(List::copyOf);
        limits = List.copyOf(limits);
    }

    /** Whether nothing is asked for. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** Whether it takes on another identity. */
    boolean hasIdentity() {
        return user.isPresent() || group.isPresent() || groups.isPresent();
    }

    /** Whether the process has to be there, and be held, while it is set up. */
    public boolean isGated() {
        return umask.isPresent() || !limits.isEmpty() || oomScore.isPresent() || cgroup.isPresent();
    }
}
