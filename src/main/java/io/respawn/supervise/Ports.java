package io.respawn.supervise;

import java.util.function.IntConsumer;

/**
 * All that the loop reaches the world by.
 *
 * @param leave ends the sidecar with an exit code
 */
public record Ports(
        Clock clock,
        Journal journal,
        ProcessRunner processes,
        Prober prober,
        StopCommands stopCommands,
        HookRunner hooks,
        Timers timers,
        SelfReplacer replacer,
        Plans plans,
        IntConsumer leave) {}
