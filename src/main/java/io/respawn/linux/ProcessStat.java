package io.respawn.linux;

import java.util.Optional;

/**
 * Is what {@code /proc/PID/stat} tells of a process.
 *
 * @param pid the process
 * @param name its short name, without the brackets
 * @param state R, S, D, Z (ended but not reaped) and so on
 * @param parent its parent's pid; 0 if that is outside this PID namespace
 * @param processGroup its process group
 * @param session its session
 * @param startTicks when it started, in hundredths of a second since the machine did: with the pid its identity
 * @param exitCode how it ended, in the form of a wait status; counts only for state Z, and only if readable
 */
public record ProcessStat(
        int pid, String name, char state, int parent, int processGroup, int session, long startTicks, int exitCode) {

    private static final int AFTER_NAME = 3;

    /** Whether it has ended and waits to be reaped. */
    public boolean zombie() {
        return state == 'Z' || state == 'X';
    }

    /** How a zombie ended; the last resort for processes that are not our children. */
    public Optional<ExitStatus> exitStatus() {
        return zombie() ? Optional.of(ExitStatus.ofWaitStatus(exitCode)) : Optional.empty();
    }

    /** Takes the line apart; a name may hold blanks and brackets, so the fields begin after the last bracket. */
    static ProcessStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("Cannot read the process state '" + line + "'; brackets are missing");
        }
        String[] fields = line.substring(close + 1).strip().split(" ", -1);
        return new ProcessStat(
                Integer.parseInt(line.substring(0, open).strip()),
                line.substring(open + 1, close),
                fields[0].charAt(0),
                Integer.parseInt(fields[4 - AFTER_NAME]),
                Integer.parseInt(fields[5 - AFTER_NAME]),
                Integer.parseInt(fields[6 - AFTER_NAME]),
                Long.parseLong(fields[22 - AFTER_NAME]),
                fields.length > 52 - AFTER_NAME ? Integer.parseInt(fields[52 - AFTER_NAME]) : 0);
    }
}
