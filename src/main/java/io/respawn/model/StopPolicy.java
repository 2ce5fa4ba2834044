package io.respawn.model;

import java.time.Duration;
import java.util.List;

/**
 * How a service is asked to end: one step after the other, and SIGKILL when the last has been waited for.
 *
 * @param steps 1 to 10
 */
public record StopPolicy(List<Step> steps) {

    /** The longest patience of one step. */
    public static final Duration LONGEST_PATIENCE = Duration.ofDays(1);

    public static final StopPolicy DEFAULT = of(Signal.TERM, Duration.ofSeconds(10));

    private static final int MOST_STEPS = 10;

    /**
     * One way of asking.
     *
     * @param patience how long the end is waited for, before the next step
     */
    public record Step(Way way, Duration patience) {
        public Step {
            if (patience.isNegative() || patience.compareTo(LONGEST_PATIENCE) > 0) {
                throw new IllegalArgumentException("Cannot wait " + patience + " for an end: 0s to 24h are allowed");
            }
        }
    }

    /** How a step asks. */
    public sealed interface Way {

        /** A signal to the whole process group. */
        record Send(Signal signal) implements Way {}

        /**
         * A command beside the service, in its surroundings. One that fails is followed by the next step at once.
         *
         * @param command program and arguments, no shell
         */
        record Run(List<String> command) implements Way {
            public Run {
                command = List.copyOf(command);
                if (command.isEmpty() || command.getFirst().isBlank()) {
                    throw new IllegalArgumentException("Cannot run an empty stop command: name the program");
                }
            }
        }
    }

    public StopPolicy {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.size() > MOST_STEPS) {
            throw new IllegalArgumentException(
                    "Cannot stop in " + steps.size() + " steps: 1 to " + MOST_STEPS + " are allowed");
        }
    }

    /** A signal, then SIGKILL. */
    public static StopPolicy of(Signal signal, Duration gracePeriod) {
        return new StopPolicy(List.of(new Step(new Way.Send(signal), gracePeriod)));
    }

    /** From the first step to SIGKILL. */
    public Duration gracePeriod() {
        return waitsFrom(0);
    }

    /** How long the steps after this one last. */
    public Duration waitsAfter(int step) {
        return waitsFrom(step + 1);
    }

    private Duration waitsFrom(int step) {
        return steps.stream().skip(step).map(Step::patience).reduce(Duration.ZERO, Duration::plus);
    }

    /** What may be recorded: only a configuration can name commands, so SIGTERM stands for them. */
    public StopPolicy withoutCommands() {
        return new StopPolicy(steps.stream()
                .map(step -> switch (step.way()) {
                    case Way.Send ignored -> step;
                    case Way.Run ignored -> new Step(new Way.Send(Signal.TERM), step.patience());
                })
                .toList());
    }
}
