package io.respawn.linux;

import java.time.Duration;

/**
 * Is what {@code /proc/PID/stat} tells of what a process uses, and of whom it descends from; see proc_pid_stat(5).
 *
 * @param pid the process
 * @param zombie whether it has ended and waits to be reaped
 * @param parent its parent's pid
 * @param session its session
 * @param cpuTime processor time of its own, since its start
 * @param childrenCpuTime that of its children that have ended and were reaped, and of theirs
 * @param threads how many it has
 * @param startTicks with the pid its identity
 * @param residentBytes its memory in RAM, shared pages included; the kernel counts in pieces, so it lags by some pages
 */
public record ProcessUsage(
        int pid,
        boolean zombie,
        int parent,
        int session,
        Duration cpuTime,
        Duration childrenCpuTime,
        int threads,
        long startTicks,
        long residentBytes) {

    private static final int STATE = 3;
    private static final int LAST = 24;
    private static final long NANOS_A_TICK = 10_000_000;

    /**
     * Takes the line apart where it stands, since there may be thousands. A name may hold blanks and brackets, so the fields
     * begin after the last bracket.
     */
    static ProcessUsage parse(byte[] line, int length, int pageSize) {
        int at = length - 1;
        while (at >= 0 && line[at] != ')') {
            at--;
        }
        if (at < 0 || at + 2 >= length) {
            throw new IllegalArgumentException(
                    "Cannot read the state of a process: the bracket after its name is missing");
        }
        boolean zombie = line[at + 2] == 'Z' || line[at + 2] == 'X';
        long[] fields = new long[LAST + 1];
        int field = STATE;
        at += 3;
        while (at < length && field < LAST) {
            field++;
            at++;
            boolean negative = at < length && line[at] == '-';
            long value = 0;
            for (at += negative ? 1 : 0; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
                value = value * 10 + (line[at] - '0');
            }
            fields[field] = negative ? -value : value;
        }
        if (field < LAST) {
            throw new IllegalArgumentException("Cannot read the state of a process: it ends after field " + field);
        }
        return new ProcessUsage(
                number(line, length),
                zombie,
                (int) fields[4],
                (int) fields[6],
                Duration.ofNanos((fields[14] + fields[15]) * NANOS_A_TICK),
                Duration.ofNanos((fields[16] + fields[17]) * NANOS_A_TICK),
                (int) fields[20],
                fields[22],
                fields[24] * pageSize);
    }

    private static int number(byte[] line, int length) {
        int value = 0;
        for (int at = 0; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
            value = value * 10 + (line[at] - '0');
        }
        return value;
    }
}
