package io.respawn.model;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a process is given before its program begins; what is not said is as with the sidecar.
 *
 * @param user by name or number
 * @param group by name or number; the user's own unless given
 * @param supplementaryGroups by name or number; those of the user unless given
 * @param umask which bits new files do not get
 * @param noNewPrivileges whether no program it loads may gain rights
 * @param limits what it may use
 * @param nice how much it gives way
 * @param oomScoreAdj how much rather than others it is ended when memory runs out
 * @param cgroup the control group that it runs in, below the sidecar's own unless it begins with a slash
 */
public record ProcessSetting(
        Optional<String> user,
        Optional<String> group,
        Optional<List<String>> supplementaryGroups,
        Optional<Integer> umask,
        boolean noNewPrivileges,
        Map<Resource, Limit> limits,
        Optional<Integer> nice,
        Optional<Integer> oomScoreAdj,
        Optional<String> cgroup) {

    /** As the sidecar itself. */
    public static final ProcessSetting DEFAULT = new ProcessSetting(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final int HIGHEST_UMASK = 0777;
    private static final int HIGHEST_NICE = 19;
    private static final int HIGHEST_OOM_SCORE = 1000;

    /** What a process can be limited in. */
    public enum Resource {
        CPU_TIME,
        FILE_SIZE,
        DATA_SIZE,
        STACK_SIZE,
        CORE_SIZE,
        PROCESSES,
        OPEN_FILES,
        LOCKED_MEMORY,
        ADDRESS_SPACE,
        PENDING_SIGNALS,
        MESSAGE_QUEUES;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * How much of something it may use.
     *
     * @param soft what holds at first; no limit if absent
     * @param hard up to which it may raise that by itself; no limit if absent
     */
    public record Limit(Optional<Long> soft, Optional<Long> hard) {
        public Limit {
            if (hard.isPresent() && (soft.isEmpty() || soft.get() > hard.get())) {
                throw new IllegalArgumentException("Cannot begin with more than the limit of " + hard.get()
                        + ": give the lower value first, as in 1024:4096");
            }
        }
    }

    public ProcessSetting {
        supplementaryGroups = supplementaryGroups.map(List::copyOf);
        limits = Map.copyOf(limits);
        umask.ifPresent(mask -> require(mask, "umask", 0, HIGHEST_UMASK));
        nice.ifPresent(value -> require(value, "nice", -HIGHEST_NICE - 1, HIGHEST_NICE));
        oomScoreAdj.ifPresent(value -> require(value, "oom-score-adj", -HIGHEST_OOM_SCORE, HIGHEST_OOM_SCORE));
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return equals(DEFAULT);
    }

    private static void require(int value, String what, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(
                    "Cannot use " + what + " " + value + ": " + lowest + " to " + highest + " are allowed");
        }
    }
}
