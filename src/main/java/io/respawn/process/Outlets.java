package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.ForwardedLine;
import io.respawn.supervise.Forwarding;
import io.respawn.supervise.OutputReader.Line;
import java.time.InstantSource;

/** Hands each line on as it comes: to those that are remembered, to the console, and to those on their way to Kafka. */
record Outlets(Rings rings, Console console, Forwarding forwarding, OutputPolicies policies, InstantSource clock) {

    void take(InstanceId instance, OutputPolicy policy, Written written) {
        Line line = rings.of(instance).add(clock.instant(), written.stream(), written.text(), written.cut());
        if (policy.console() != OutputPolicy.Console.NONE) {
            console.offer(() -> LineForm.of(line, policies.label(instance), policy.console()));
        }
        if (policy.forward()) {
            forwarding.offer(new ForwardedLine(line, written.incarnation()));
        }
    }
}
