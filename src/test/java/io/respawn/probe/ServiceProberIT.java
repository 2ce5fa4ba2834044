package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.respawn.core.Event;
import io.respawn.core.Event.ReadinessChanged;
import io.respawn.model.InstanceId;
import io.respawn.model.Probe;
import io.respawn.model.Probe.Check;
import io.respawn.model.Probe.HttpGet;
import io.respawn.model.Probe.TcpSocket;
import io.respawn.model.Probes;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.ProbeAnswer;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes real sockets on the loopback interface. */
class ServiceProberIT {

    private static final InstanceId WEB = new InstanceId(new ServiceName("web"), 0);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(5);

    private final List<Event> reported = new CopyOnWriteArrayList<>();
    private final ProcessSide processes = new ProcessSide();
    private final ServiceProber prober = new ServiceProber(reported::add, processes.attendants(), new Statistics());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean hangs = new AtomicBoolean();
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/ready", exchange -> {
            asked.incrementAndGet();
            if (hangs.get()) {
                awaitRelease();
            }
            byte[] body = "said".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        prober.close();
        processes.close();
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void reportsOnceThatAnHttpServiceIsReady() {
        // given
        status.set(302);

        // when
        prober.start(ready(probe(http(), LONG, 1, 3)), WEB, 7);

        // then
        awaitAsked(5);
        assertThat(reported).containsExactly(new ReadinessChanged(WEB, 7, true, url() + " answered 302"));
    }

    @Test
    void tellsTheLastAnswerOfWhatIsProbedNow() {
        // given
        Instant begin = Instant.now();
        status.set(503);
        prober.start(ready(probe(http(), LONG, 1, 1)), WEB, 7);
        awaitAsked(2);

        // when
        List<ProbeAnswer> answers = prober.answers().get(WEB);
        prober.stop(WEB);

        // then
        assertThat(answers).singleElement().satisfies(answer -> {
            assertThat(answer.kind()).isEqualTo(ProbeAnswer.Kind.READINESS);
            assertThat(answer.yes()).isFalse();
            assertThat(answer.detail()).isEqualTo(url() + " answered 503");
            assertThat(answer.at()).isBetween(begin, Instant.now());
        });
        assertThat(prober.answers()).isEmpty();
    }

    @Test
    void followsAServiceThatFlaps() {
        // given
        prober.start(ready(probe(http(), LONG, 2, 2)), WEB, 1);
        awaitReported(1);

        // when
        status.set(503);
        awaitReported(2);
        status.set(200);
        awaitReported(3);

        // then
        assertThat(reported)
                .containsExactly(
                        new ReadinessChanged(WEB, 1, true, url() + " answered 200"),
                        new ReadinessChanged(WEB, 1, false, url() + " answered 503"),
                        new ReadinessChanged(WEB, 1, true, url() + " answered 200"));
    }

    @Test
    void callsAServiceUnreadyThatDoesNotAnswerInTime() {
        // given
        prober.start(ready(probe(http(), Duration.ofMillis(200), 1, 1)), WEB, 1);
        awaitReported(1);

        // when
        hangs.set(true);

        // then
        awaitReported(2);
        assertThat(reported.getLast())
                .isEqualTo(new ReadinessChanged(WEB, 1, false, url() + " did not answer within 200 ms"));
    }

    @Test
    void findsATcpServiceThatBeginsToListenLater() throws IOException {
        // given
        int port = freePort();
        prober.start(ready(probe(new TcpSocket(port), LONG, 1, 1)), WEB, 1);

        // when
        try (ServerSocket listening = new ServerSocket(port, 16, InetAddress.getLoopbackAddress())) {
            awaitReported(1);
            assertThat(listening.isBound()).isTrue();
        }

        // then
        awaitReported(2);
        assertThat(reported.getFirst())
                .isEqualTo(new ReadinessChanged(WEB, 1, true, "127.0.0.1:" + port + " accepts connections"));
        assertThat(((ReadinessChanged) reported.get(1)).detail())
                .startsWith("Cannot connect to 127.0.0.1:" + port)
                .contains("refused");
    }

    @Test
    void saysNothingAfterAStopWhileAQuestionIsUnderWay() {
        // given
        hangs.set(true);
        prober.start(ready(probe(http(), LONG, 1, 1)), WEB, 1);
        awaitAsked(1);

        // when
        prober.stop(WEB);
        hangs.set(false);
        release.countDown();

        // then
        InstanceId other = new InstanceId(new ServiceName("other"), 0);
        prober.start(ready(probe(http(), LONG, 1, 1)), other, 2);
        awaitReported(1);
        assertThat(reported).containsExactly(new ReadinessChanged(other, 2, true, url() + " answered 200"));
    }

    @Test
    void letsANewIncarnationReplaceTheProbeOfTheOld() {
        // given
        hangs.set(true);
        prober.start(ready(probe(http(), LONG, 1, 1)), WEB, 1);
        awaitAsked(1);
        hangs.set(false);

        // when
        prober.start(ready(probe(http(), LONG, 1, 1)), WEB, 2);
        awaitReported(1);
        release.countDown();
        awaitAsked(5);

        // then
        assertThat(reported).containsExactly(new ReadinessChanged(WEB, 2, true, url() + " answered 200"));
    }

    @Test
    void waitsForTheInitialDelay() {
        // given
        Duration delay = Duration.ofMillis(300);
        long begun = System.nanoTime();

        // when
        prober.start(ready(new Probe(http(), delay, SHORT, LONG, 1, 1)), WEB, 1);
        awaitReported(1);

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(delay);
    }

    @Test
    void reportsThatItCannotProbeWithoutVertx() {
        // given
        ServiceProber broken = new ServiceProber(reported::add, processes.attendants(), new Statistics(), () -> {
            throw new IllegalStateException("no file descriptors left");
        });

        // when
        broken.start(ready(probe(http(), LONG, 1, 1)), WEB, 1);

        // then
        awaitReported(1);
        ReadinessChanged report = (ReadinessChanged) reported.getFirst();
        assertThat(report.ready()).isFalse();
        assertThat(report.detail()).startsWith("Cannot probe web/0: ").contains("no file descriptors left");
    }

    @Test
    void refusesToProbeOnceItIsClosed() {
        // given
        prober.close();

        // when // then
        assertThatThrownBy(() -> prober.start(ready(probe(http(), LONG, 1, 1)), WEB, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot probe web/0: the prober is closed");
    }

    private static Probe probe(Check check, Duration timeout, int successes, int failures) {
        return new Probe(check, Duration.ZERO, SHORT, timeout, successes, failures);
    }

    private static ServiceSpec ready(Probe probe) {
        return ProcessSide.spec(new Probes(Optional.empty(), Optional.of(probe), Optional.empty()));
    }

    private HttpGet http() {
        return new HttpGet(server.getAddress().getPort(), "/ready");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/ready";
    }

    private void awaitReported(int count) {
        await("reports").atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> reported.size() >= count);
    }

    private void awaitAsked(int count) {
        await("questions").atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> asked.get() >= count);
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
