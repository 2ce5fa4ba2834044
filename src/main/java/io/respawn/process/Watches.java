package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Makes whoever looks into the lines of services. */
record Watches(OutputPolicies policies, InstantSource clock, EventSink events, Statistics statistics) {

    /** For a process that writes already. */
    Author author(ChildKey of, Consumer<String> saysItIsUp) {
        return new Author(
                of.incarnation(),
                policies.readyLine(of.instance())
                        .map(line -> new LineWatch(of.instance(), line, saysItIsUp))
                        .orElse(null));
    }

    LineTriggers triggers(InstanceId instance) {
        return new LineTriggers(instance, clock, events, statistics);
    }
}
