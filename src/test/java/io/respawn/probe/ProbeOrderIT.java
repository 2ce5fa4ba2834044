package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.respawn.core.Event;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.ProbeFailed.Kind;
import io.respawn.core.Event.ReadinessChanged;
import io.respawn.model.InstanceId;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that is asked three things by HTTP: what is asked when, and what is made of the answers. */
class ProbeOrderIT {

    private static final InstanceId WEB = new InstanceId(ProcessSide.WEB, 0);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String STARTED = "/started";
    private static final String READY = "/ready";
    private static final String ALIVE = "/alive";

    private final List<Event> reported = new CopyOnWriteArrayList<>();
    private final ProcessSide processes = new ProcessSide();
    private final ServiceProber prober = new ServiceProber(reported::add, processes.attendants(), new Statistics());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        for (String path : List.of(STARTED, READY, ALIVE)) {
            statuses.put(path, 200);
            asked.put(path, new AtomicInteger());
            server.createContext(path, exchange -> {
                exchange.sendResponseHeaders(statuses.get(path), -1);
                exchange.close();
                asked.get(path).incrementAndGet();
            });
        }
        server.start();
    }

    @AfterEach
    void close() {
        prober.close();
        processes.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void asksNothingElseUntilItHasComeUp() {
        // given
        statuses.put(STARTED, 503);
        start(probe(STARTED, 1000), probe(READY, 1), probe(ALIVE, 1));

        // when
        awaitAsked(STARTED, 10);

        // then
        assertThat(asked.get(READY)).hasValue(0);
        assertThat(asked.get(ALIVE)).hasValue(0);
        assertThat(reported).isEmpty();
        statuses.put(STARTED, 200);
        awaitAsked(READY, 3);
        awaitAsked(ALIVE, 3);
        assertThat(reported).containsExactly(new ReadinessChanged(WEB, 4, true, url(READY) + " answered 200"));
        int before = asked.get(STARTED).get();
        awaitAsked(ALIVE, asked.get(ALIVE).get() + 3);
        assertThat(asked.get(STARTED)).hasValue(before);
    }

    @Test
    void saysOnceThatAServiceHasNotComeUpAndAsksNoMore() {
        // given
        statuses.put(STARTED, 500);

        // when
        start(probe(STARTED, 3), probe(READY, 1), probe(ALIVE, 1));
        awaitReported(1);

        // then
        assertThat(reported)
                .containsExactly(new ProbeFailed(
                        WEB, 4, Kind.STARTUP, "the startup probe failed 3 times: " + url(STARTED) + " answered 500"));
        InstanceId other = new InstanceId(ProcessSide.WEB, 1);
        prober.start(ProcessSide.spec(new Probes(Optional.empty(), probe(READY, 1), Optional.empty())), other, 1);
        awaitAsked(READY, 10);
        assertThat(asked.get(STARTED)).hasValue(3);
        assertThat(reported).hasSize(2);
    }

    @Test
    void callsAServiceReadyThatHasComeUpAndIsNotAskedForReadiness() {
        // when
        start(probe(STARTED, 3), Optional.empty(), Optional.empty());
        awaitReported(1);

        // then
        assertThat(reported).containsExactly(new ReadinessChanged(WEB, 4, true, url(STARTED) + " answered 200"));
    }

    @Test
    void saysThatAServiceIsNotSaneAndSaysItAgainOnlyAfterItWas() {
        // given
        start(Optional.empty(), Optional.empty(), probe(ALIVE, 3));
        awaitAsked(ALIVE, 5);
        assertThat(reported).isEmpty();

        // when
        statuses.put(ALIVE, 503);
        awaitReported(1);
        awaitAsked(ALIVE, asked.get(ALIVE).get() + 10);
        assertThat(reported).hasSize(1);
        statuses.put(ALIVE, 204);
        awaitAsked(ALIVE, asked.get(ALIVE).get() + 2);
        statuses.put(ALIVE, 500);
        awaitReported(2);

        // then
        assertThat(reported)
                .containsExactly(
                        new ProbeFailed(
                                WEB,
                                4,
                                Kind.LIVENESS,
                                "the liveness probe failed 3 times: " + url(ALIVE) + " answered 503"),
                        new ProbeFailed(
                                WEB,
                                4,
                                Kind.LIVENESS,
                                "the liveness probe failed 3 times: " + url(ALIVE) + " answered 500"));
    }

    @Test
    void countsTheInitialDelayOfTheOthersFromTheSpawn() {
        // given: it comes up late, later than the delay of the readiness probe
        statuses.put(STARTED, 503);
        Duration delay = Duration.ofMillis(600);
        Probe late = new Probe(new Probe.HttpGet(port(), READY), delay, SHORT, LONG, 1, 1);
        start(probe(STARTED, 1000), Optional.of(late), Optional.empty());
        await("the delay to be over")
                .pollDelay(delay)
                .atMost(LONG)
                .until(() -> asked.get(STARTED).get() > 5);

        // when
        long up = System.nanoTime();
        statuses.put(STARTED, 200);
        awaitReported(1);

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - up)).isLessThan(delay);
    }

    private void start(Optional<Probe> startup, Optional<Probe> readiness, Optional<Probe> liveness) {
        Probes probes = new Probes(
                startup, readiness, liveness.map(probe -> new Probes.Liveness(probe, Optional.empty(), true)));
        prober.start(ProcessSide.spec(probes), WEB, 4);
    }

    private Optional<Probe> probe(String path, int failures) {
        return Optional.of(new Probe(new Probe.HttpGet(port(), path), Duration.ZERO, SHORT, LONG, 1, failures));
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    private void awaitReported(int count) {
        await("reports").atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> reported.size() >= count);
    }

    private void awaitAsked(String path, int count) {
        await("questions")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> asked.get(path).get() >= count);
    }
}
