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
