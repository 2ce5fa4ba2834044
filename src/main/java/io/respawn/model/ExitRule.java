package io.respawn.model;

import java.util.Set;

/**
 * What follows from certain ends, whatever the policy's mode says. A rule without codes and signals matches every end.
 *
 * @param exitCodes 0 to 255
 * @param signals numbers of the signals that ended the process, 1 to 64
 */
public record ExitRule(Set<Integer> exitCodes, Set<Integer> signals, RestartPolicy.Verdict action) {

    public ExitRule {
        exitCodes = Set.copyOf(exitCodes);
        signals = Set.copyOf(signals);
        check("exit code", exitCodes, 0, 255);
        check("signal", signals, 1, 64);
    }

    private static void check(String what, Set<Integer> values, int least, int most) {
        for (int value : values) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        "Cannot use " + what + " " + value + ": " + least + " to " + most + " are allowed");
            }
        }
    }

    boolean matches(ExitStatus exit) {
        boolean every = exitCodes.isEmpty() && signals.isEmpty();
        return switch (exit) {
            case ExitStatus.Exited exited -> every || exitCodes.contains(exited.code());
            case ExitStatus.Signalled signalled -> every || signals.contains(signalled.signal());
            case ExitStatus.Unknown ignored -> every;
        };
    }
}
