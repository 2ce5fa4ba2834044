package io.respawn.model;

/**
 * Tells one process from every other of the same boot and process namespace.
 *
 * @param pid the process number
 * @param startTicks field 22 of {@code /proc/PID/stat}, in clock ticks since boot; see proc_pid_stat(5)
 */
public record ProcessIdentity(int pid, long startTicks) {}
