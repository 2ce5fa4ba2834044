package io.respawn.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What follows when a process ends on its own.
 *
 * @param successExitCodes the exit codes that count as success, 0 to 255
 * @param rules looked at in order before the mode; the first that matches decides
 * @param limit when it is given up; never when empty
 * @param scope who is replaced with it
 * @param rate how often it may be restarted by order; as often as the budget allows when empty
 */
public record RestartPolicy(
        Mode mode,
        Set<Integer> successExitCodes,
        List<ExitRule> rules,
        Backoff backoff,
        Optional<RestartLimit> limit,
        Scope scope,
        Optional<Rate> rate) {

    public static final RestartPolicy DEFAULT = new RestartPolicy(Mode.ALWAYS, Set.of(0), Backoff.DEFAULT);

    public RestartPolicy {
        successExitCodes = Set.copyOf(successExitCodes);
        rules = List.copyOf(rules);
        for (int code : successExitCodes) {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("Cannot use exit code " + code + ": 0 to 255 are allowed");
            }
        }
    }

    /** A policy without rules, limit and dependents. */
    public RestartPolicy(Mode mode, Set<Integer> successExitCodes, Backoff backoff) {
        this(mode, successExitCodes, List.of(), backoff, Optional.empty(), Scope.SELF);
    }

    /** A policy without a rate for orders. */
    public RestartPolicy(
            Mode mode,
            Set<Integer> successExitCodes,
            List<ExitRule> rules,
            Backoff backoff,
            Optional<RestartLimit> limit,
            Scope scope) {
        this(mode, successExitCodes, rules, backoff, limit, scope, Optional.empty());
    }

    /** When an exit is followed by a restart. */
    public enum Mode {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    /** Who is restarted when a service ends on its own. */
    public enum Scope {
        SELF,
        /** Those too that depend on it, once it is back. */
        DEPENDENTS
    }

    /** What an end leads to. */
    public enum Verdict {
        RESTART,
        /** Over, as it should be. */
        SUCCESS,
        /** Over, as a failure. */
        STOP,
        /** Over, until somebody resets or starts it. */
        GIVE_UP
    }

    public boolean isSuccess(ExitStatus exit) {
        return exit instanceof ExitStatus.Exited exited && successExitCodes.contains(exited.code());
    }

    /** What an end leads to; after one that was brought about because it was not well, no exit code is a success. */
    public Verdict verdict(ExitStatus exit, boolean unwell) {
        for (ExitRule rule : rules) {
            if (rule.matches(exit)) {
                return rule.action();
            }
        }
        return switch (mode) {
            case ALWAYS -> Verdict.RESTART;
            case ON_FAILURE -> isSuccess(exit) && !unwell ? Verdict.SUCCESS : Verdict.RESTART;
            case NEVER -> isSuccess(exit) && !unwell ? Verdict.SUCCESS : Verdict.STOP;
        };
    }
}
