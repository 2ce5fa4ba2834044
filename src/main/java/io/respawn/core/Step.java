package io.respawn.core;

import java.util.List;
import java.util.Optional;

/** What an event led to: the batch to append (none when nothing durable changed) and the effects, in order. */
public record Step(Optional<Batch> batch, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
