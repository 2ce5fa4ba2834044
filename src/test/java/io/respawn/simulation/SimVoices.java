package io.respawn.simulation;

import io.respawn.core.Event;
import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.HandedOver;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.StatusTold;
import io.respawn.core.Event.TimeoutExtended;
import io.respawn.core.Event.Withdrew;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import io.respawn.simulation.SimKernel.SimProcess;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What processes say about themselves: early, late, twice, never, and some after their end. A word that is said while no
 * sidecar listens is lost.
 */
final class SimVoices {

    private record Speaker(InstanceId instance, long incarnation) {}

    private final SimWorld world;
    private final RandomGenerator random;
    private final Set<Speaker> heard = new HashSet<>();

    SimVoices(SimWorld world) {
        this.world = world;
        this.random = world.random();
    }

    /** A new process begins to speak, if its service does; it says nothing before it runs. */
    void begin(ServiceSpec spec, SimProcess process) {
        if (!spec.start().isAnnounced()) {
            return;
        }
        boolean mute = random.nextInt(15) == 0 && !world.isCalm();
        if (!mute) {
            // The news of the start may come later than this.
            int delay = random.nextInt(4) == 0 ? 0 : random.nextInt(3_500);
            say(delay, up(process));
            if (random.nextInt(3) == 0) {
                say(delay + random.nextInt(8_000), up(process));
            }
        }
        if (spec.start().notifies()) {
            chat(process);
        }
    }

    private void chat(SimProcess process) {
        if (random.nextInt(3) == 0) {
            int reload = random.nextInt(40_000);
            say(reload, new Withdrew(process.instance, process.incarnation, "reloads"));
            say(reload + random.nextInt(3_000), up(process));
        }
        if (random.nextInt(3) == 0) {
            Duration more = Duration.ofMillis(random.nextInt(6_000));
            say(random.nextInt(10_000), new TimeoutExtended(process.instance, process.incarnation, more));
        }
        if (random.nextInt(2) == 0) {
            say(random.nextInt(30_000), new StatusTold(process.instance, process.incarnation, "busy"));
        }
        for (int left = random.nextInt(3); left > 0; left--) {
            world.time().in(Duration.ofMillis(random.nextInt(40_000)), () -> handOver(process));
        }
        if (random.nextInt(12) == 0 && !world.isCalm()) {
            say(
                    random.nextInt(40_000),
                    new ProbeFailed(process.instance, process.incarnation, ProbeFailed.Kind.WATCHDOG, "heard nothing"));
        }
    }

    /** It is there and named before the old one ends, but the sidecar may die before it has noted that. */
    private void handOver(SimProcess process) {
        if (world.kernel().handOver(process)) {
            speak(new HandedOver(process.instance, process.incarnation, process.identity()));
        }
    }

    private static Event up(SimProcess process) {
        return new CameUp(process.instance, process.incarnation, "is up");
    }

    private void say(int millis, Event word) {
        if (millis == 0) {
            speak(word);
        } else {
            world.time().in(Duration.ofMillis(millis), () -> speak(word));
        }
    }

    private void speak(Event word) {
        if (world.sidecar().isUp()) {
            if (word instanceof CameUp up) {
                heard.add(new Speaker(up.instance(), up.incarnation()));
            }
            world.sidecar().feed(word);
        }
    }

    /** Whether a sidecar ever heard that this process is up. */
    boolean cameUp(InstanceId instance, long incarnation) {
        return heard.contains(new Speaker(instance, incarnation));
    }
}
