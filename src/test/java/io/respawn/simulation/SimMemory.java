package io.respawn.simulation;

import io.respawn.core.Event.Found;
import io.respawn.core.MemoryPressure;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.MemoryLimit;
import io.respawn.model.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What processes hold, and the looks at it: some grow without end, some are above their limit for a moment. */
final class SimMemory {

    private static final MemoryLimit LIMIT =
            new MemoryLimit(100L << 20, Duration.ofSeconds(12), Duration.ofSeconds(45));
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final SimWorld world;
    private final RandomGenerator random;
    private final Map<ProcessIdentity, Long> held = new HashMap<>();
    private final Map<InstanceId, MemoryPressure> pressures = new HashMap<>();
    private SimSidecar life;

    SimMemory(SimWorld world, RandomGenerator random) {
        this.world = world;
        this.random = random;
        this.life = world.sidecar();
    }

    void begin() {
        world.time().in(BETWEEN_LOOKS, this::look);
    }

    private void look() {
        if (world.isCalm()) {
            return;
        }
        if (life != world.sidecar()) {
            // A life that begins without a capsule knows nothing of the looks of the one before.
            pressures.clear();
            life = world.sidecar();
        }
        if (life.isUp()) {
            // A sidecar may die of what follows from an order: then the rest is looked at by nobody.
            for (Found main : world.kernel().found()) {
                if (life.isUp()) {
                    look(main, world.time().now());
                }
            }
        }
        begin();
    }

    private void look(Found main, Instant now) {
        long bytes = held.merge(main.process(), 40L << 20, (before, first) -> grown(main.process(), before));
        MemoryPressure pressure = pressures
                .getOrDefault(main.instance(), MemoryPressure.DEFAULT)
                .seen(main.incarnation(), bytes, LIMIT, now);
        if (pressure.isDue(LIMIT, now)) {
            Command order = pressure.order(main.instance(), bytes, LIMIT, now);
            pressure = pressure.ordered(now);
            world.orderHere(order);
        }
        pressures.put(main.instance(), pressure);
    }

    private long grown(ProcessIdentity process, long before) {
        return switch (process.pid() % 3) {
            case 0 -> before + (random.nextLong(40) << 20);
            case 1 -> random.nextInt(8) == 0 ? 200L << 20 : 40L << 20;
            default -> before;
        };
    }
}
