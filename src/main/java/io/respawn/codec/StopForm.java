package io.respawn.codec;

import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.model.StopPolicy.Step;
import io.respawn.model.StopPolicy.Way;
import java.time.Duration;
import java.util.List;

/**
 * How a stop policy is written: signals only, since a record must never name a command. The first signal and the whole
 * grace period stand beside the steps, for readers that know no steps.
 */
final class StopForm {

    private StopForm() {}

    static void write(JsonWriter json, StopPolicy policy) {
        List<Step> steps = policy.withoutCommands().steps();
        json.text("signal", signal(steps.getFirst()).name())
                .text("gracePeriod", policy.gracePeriod().toString());
        if (steps.size() > 1) {
            json.array(
                    "steps",
                    steps,
                    (step, each) -> step.text("signal", signal(each).name())
                            .text("wait", each.patience().toString()));
        }
    }

    private static Signal signal(Step step) {
        return switch (step.way()) {
            case Way.Send send -> send.signal();
            case Way.Run ignored -> Signal.TERM;
        };
    }

    static StopPolicy read(Fields fields) {
        List<Step> steps = fields.objects("steps").stream()
                .map(step -> step.as(each -> step(each, "wait")))
                .toList();
        Step only = step(fields, "gracePeriod");
        return new StopPolicy(steps.isEmpty() ? List.of(only) : steps);
    }

    private static Step step(Fields fields, String wait) {
        String signal = fields.someText("signal");
        Duration length = fields.duration(wait).orElseThrow(() -> fields.missing(wait));
        return new Step(
                new Way.Send(Signal.parse(signal)
                        .orElseThrow(() -> fields.wrong("signal", signal, "is no signal that this version knows"))),
                bounded(length));
    }

    /** Whoever wrote it had other limits; a service that is to be stopped must not be lost for that. */
    private static Duration bounded(Duration length) {
        if (length.isNegative()) {
            return Duration.ZERO;
        }
        return length.compareTo(StopPolicy.LONGEST_PATIENCE) > 0 ? StopPolicy.LONGEST_PATIENCE : length;
    }
}
