package io.respawn.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * What the processes of one instance use together, as it was seen last; zeros but for the processor time when there are none.
 *
 * @param at when it was looked at
 * @param incarnation of the main process
 * @param cpuTime processor time of all processes that the instance ever had, as far as it was seen; it only grows
 * @param memoryBytes what they hold in RAM; pages that several of them share may count for each
 * @param processes how many there are
 * @param threads how many those have
 * @param descriptors how many those have open, unless that may not be known
 */
public record Usage(
        Instant at,
        long incarnation,
        Duration cpuTime,
        long memoryBytes,
        int processes,
        int threads,
        OptionalInt descriptors) {

    /** Of an instance without a process. */
    static Usage none(Instant at, long incarnation, Duration cpuTime) {
        return new Usage(at, incarnation, cpuTime, 0, 0, 0, OptionalInt.of(0));
    }
}
