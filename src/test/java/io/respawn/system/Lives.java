package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** One life of the sidecar after the other, each ended by SIGKILL: at a fail point, or at any moment. */
final class Lives {

    private static final String ANY_MOMENT = "at any moment";

    /** After which a life that did not come to its fail point is ended all the same. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int KILLED = 128 + 9;

    private final RunningSidecar sidecar;
    private final SplittableRandom random;
    private final Path agent;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> kills = new ArrayList<>();

    Lives(RunningSidecar sidecar, Path folder, SplittableRandom random) throws IOException {
        this.sidecar = sidecar;
        this.random = random;
        agent = AgentJar.pack(folder, FailPointAgent.class, FailPoint.class);
    }

    /** Begins a life that nothing ends. */
    RunningSidecar undisturbed() {
        return sidecar.with("RESPAWN_JAVA_OPTS", "").start();
    }

    /**
     * Ends the present life, and dies at so many of the fail points, at so many other moments in between, and on until there
     * was enough of everything else.
     */
    void live(int points, int moments, BooleanSupplier enough) {
        kill(ANY_MOMENT);
        Deque<Optional<FailPoint>> deaths = deaths(points, moments);
        int late = 0;
        while (!deaths.isEmpty() || !enough.getAsBoolean()) {
            Optional<FailPoint> next = deaths.isEmpty() ? Optional.empty() : deaths.removeFirst();
            if (next.isEmpty()) {
                untilAnyMoment();
            } else if (!until(next.get())) {
                // The broker was away, for example; but one that is never passed is a mistake.
                deaths.addLast(next);
                late++;
                assertThat(late).as("lives that did not come to %s", next).isLessThan(Math.max(3, points));
            }
        }
    }

    private Deque<Optional<FailPoint>> deaths(int points, int moments) {
        Random order = new Random(random.nextLong());
        List<FailPoint> all = new ArrayList<>(List.of(FailPoint.values()));
        Collections.shuffle(all, order);
        List<Optional<FailPoint>> deaths = new ArrayList<>(Collections.nCopies(moments, Optional.empty()));
        all.subList(0, points).forEach(point -> deaths.add(Optional.of(point)));
        Collections.shuffle(deaths, order);
        return new ArrayDeque<>(deaths);
    }

    /** Lives until it kills itself there; answers whether it did. */
    private boolean until(FailPoint point) {
        int passing = 1 + random.nextInt(point.passings());
        sidecar.with("RESPAWN_JAVA_OPTS", "-javaagent:" + agent + "=" + point + "," + passing)
                .start();
        if (!sidecar.endsWithin(LONGEST)) {
            kill("too late for " + point);
            return false;
        }
        if (sidecar.exitCode() != KILLED) {
            throw endedByItself();
        }
        ended(point.name());
        return true;
    }

    /** Lives until it is killed from outside, while it starts or later. */
    private void untilAnyMoment() {
        undisturbed();
        if (sidecar.endsWithin(Duration.ofMillis(random.nextLong(200, 8000)))) {
            throw endedByItself();
        }
        kill(ANY_MOMENT);
    }

    private void kill(String why) {
        sidecar.kill();
        ended(why);
    }

    private void ended(String why) {
        counts.merge(why, 1, Integer::sum);
        kills.add(Instant.now() + " " + why);
    }

    private AssertionError endedByItself() {
        return new AssertionError(
                "The sidecar ended with exit code " + sidecar.exitCode() + ", its log is " + sidecar.log());
    }

    /** How often it died where. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** Each death with its time. */
    List<String> kills() {
        return kills;
    }
}
