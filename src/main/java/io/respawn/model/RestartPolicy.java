package io.respawn.model;

import java.util.Set;

/**
 * What follows when a process ends on its own.
 *
 * @param successExitCodes the exit codes that count as success, 0 to 255
 */
public record RestartPolicy(Mode mode, Set<Integer> successExitCodes, Backoff backoff) {

    public static final RestartPolicy DEFAULT = new RestartPolicy(Mode.ALWAYS, Set.of(0), Backoff.DEFAULT);

    public RestartPolicy {
        successExitCodes = Set.copyOf(successExitCodes);
        for (int code : successExitCodes) {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("Cannot use exit code " + code + ": 0 to 255 are allowed");
            }
        }
    }

    /** When an exit is followed by a restart. */
    public enum Mode {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    public boolean isSuccess(ExitStatus exit) {
        return exit instanceof ExitStatus.Exited exited && successExitCodes.contains(exited.code());
    }

    public boolean restartsAfter(ExitStatus exit) {
        return switch (mode) {
            case ALWAYS -> true;
            case ON_FAILURE -> !isSuccess(exit);
            case NEVER -> false;
        };
    }
}
