package io.respawn.linux;

/** Says whether a process was started, and if not, at which step it failed. */
public sealed interface SpawnResult {

    /**
     * It runs, or has ended already, unreaped.
     *
     * @param pid its number
     * @param pidfd holds it; the receiver closes it
     * @param startTicks its start time, with the pid its identity
     */
    record Spawned(int pid, Pidfd pidfd, long startTicks) implements SpawnResult {}

    /**
     * Nothing was started, or nothing is left of it.
     *
     * @param stage the step that failed
     * @param errno what the kernel said
     * @param words the whole sentence, for people
     */
    record Failed(Stage stage, Errno errno, String words) implements SpawnResult {}

    /** The steps at which a spawn can fail. */
    enum Stage {
        /** The directory to start in is missing or closed to us. */
        WORKING_DIRECTORY,
        /** The file for the output could not be opened. */
        OUTPUT,
        /** What its environment is made of could not be read. */
        ENVIRONMENT,
        /** The user is not known, or we may not take on its identity. */
        USER,
        /** The group is not known, or we may not take on its identity. */
        GROUP,
        /** A limit is above what we may give. */
        LIMIT,
        /** We may not give it that much precedence. */
        NICE,
        /** We may not protect it that much when memory runs out. */
        OOM_SCORE,
        /** The mask of new files could not be set. */
        UMASK,
        /** The control group is missing or closed to us. */
        CGROUP,
        /** The kernel cannot keep it from gaining rights. */
        NO_NEW_PRIVILEGES,
        /** The program is missing or is not a program. */
        EXECUTABLE,
        /** The program may not be run by us. */
        PERMISSION,
        /** Memory, processes or descriptors ran out; trying again may help. */
        RESOURCES,
        /** Anything else. */
        OTHER
    }
}
