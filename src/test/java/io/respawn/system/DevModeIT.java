package io.respawn.system;

import static io.respawn.system.DevLoad.assertEachOnce;
import static io.respawn.system.DevLoad.assertEachOrderOnce;
import static io.respawn.system.DevLoad.exits;
import static io.respawn.system.DevLoad.ids;
import static io.respawn.system.DevLoad.lines;
import static io.respawn.system.DevLoad.pids;
import static io.respawn.system.DevLoad.restarts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.system.Scripts.Start;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Live reload for real: quarkus:dev on a copy of the project, whose sources change while services and orders go on. */
final class DevModeIT {

    private static final int RELOADS = Integer.getInteger("respawn.reloads", 3);

    /** After so many reloads everything is there that the framework makes once. */
    private static final int SETTLED = 5;

    private static final int WITHHELD = 5;

    private static final String TAKES_OVER =
            "return Inheritance.find().map(capsule -> resume(capsule, asked)).orElseGet(() -> start(request, asked));";

    private static final String SOURCE = "app/KafkaLife.java";
    private static final String ATTACHES = "core.attach(opened);";
    private static final String FAILS = ATTACHES + " if (true) { throw new IllegalStateException(\"planted\"); }";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @AutoClose
    private KafkaBroker broker;

    private DevProject project;
    private int reloads;

    @BeforeEach
    void prepare() throws IOException {
        broker = KafkaBroker.start(folder.resolve("broker"));
        project = DevProject.copyInto(folder);
    }

    @Test
    @Timeout(1800)
    void reloadsUnderLoadLoseNothingThoughOneIsBrokenAndOneDoesNotBoot() throws IOException {
        Scripts scripts = new Scripts(folder, "reloaded");
        try (RunningSidecar sidecar = sidecar(DevLoad.services(folder, scripts) + steady());
                Topics topics = new Topics(broker.bootstrap());
                Background background = new Background()) {
            // given
            project.start(sidecar, broker.bootstrap()).awaitLive();
            List<Integer> calm = pids(sidecar);
            int jvm = parent(calm.getFirst());
            long epoch = sidecar.status().at("/sidecar/epoch").asLong();
            List<Holdings> holdings = new ArrayList<>();
            List<String> ordered = orders(background, sidecar);

            // when
            for (int reload = 1; reload <= RELOADS; reload++) {
                if (reload == 2) {
                    project.change(SOURCE, ATTACHES, "nonsense " + ATTACHES);
                    sidecar.awaitAnswer("/api/v1/services", 500);
                    project.change(SOURCE, "nonsense ", "");
                }
                if (reload == 3) {
                    project.change(SOURCE, ATTACHES, FAILS);
                    sidecar.awaitAnswer("/api/v1/services", 500);
                    awaitSupervision();
                    project.change(SOURCE, FAILS, ATTACHES);
                }
                reload(sidecar);
                holdings.add(Holdings.of(jvm));
            }
            background.end();

            // then
            assertEachOrderOnce(sidecar, topics, scripts, ordered, List.of());
            assertThat(pids(sidecar)).isEqualTo(calm);
            assertThat(calm).extracting(DevModeIT::parent).containsOnly(jvm);
            assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch);
            List<Seen> events = topics.events(sidecar.id());
            assertThat(events).extracting(Seen::id).doesNotHaveDuplicates();
            assertThat(exits(events, "mortal")).hasSizeGreaterThan(2 * RELOADS).containsOnly("exit code 7");
            if (RELOADS > SETTLED) {
                holdings.getLast().assertNoMoreThan(holdings.get(SETTLED - 1));
            }

            // and when: Ctrl-C, and there is no framework
            project.change(SOURCE, ATTACHES, FAILS);
            sidecar.awaitAnswer("/api/v1/services", 500);
            sidecar.terminate();

            // then: Maven does not wait for what it started
            await("the end of all services").until(() -> Tagged.of(sidecar.id()).isEmpty());
            await("the end of the JVM").until(() -> ProcFs.stat(jvm).isEmpty());
            assertEachOnce(lines(sidecar.log(), "chatty | line "));
            assertEachOnce(lines(sidecar.stateDirectory().resolve("logs/filed-0.log"), "line "));
        }
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void reloadsWithoutCapsuleAndJournalGoOnFromKafkaAlone() throws IOException {
        Scripts scripts = new Scripts(folder, "reloaded");
        String steady = "steady: { command: [ sleep, \"10000\" ] }\n";
        try (RunningSidecar sidecar = sidecar(
                        "first: " + scripts.noting() + "\n" + "rested: { command: [ sleep, \"10000\" ] }\n" + steady);
                Topics topics = new Topics(broker.bootstrap())) {
            // given
            project.start(sidecar, broker.bootstrap()).awaitReady();
            int steadyPid = sidecar.pidOf("steady");
            Kcat kcat = new Kcat(broker.bootstrap(), sidecar.id());
            kcat.send("{\"id\":\"rest\",\"action\":\"stop\",\"service\":\"rested\"}");
            topics.awaitOutcome(sidecar.id(), "rest");

            for (int reload = 1; reload <= WITHHELD; reload++) {
                // when
                String order = "order-" + reload;
                kcat.send("{\"id\":\"%s\",\"action\":\"restart\",\"service\":\"first\"}".formatted(order));
                topics.awaitOutcome(sidecar.id(), order);
                awaitAllWritten(sidecar);
                long epoch = sidecar.status().at("/sidecar/epoch").asLong();
                JsonNode before = sidecar.instance("first");
                if (reload == 1) {
                    // Last of all, as any request after it may be the one that reloads.
                    project.change("app/SidecarProcess.java", TAKES_OVER, forgetting(sidecar.stateDirectory()));
                }
                reload(sidecar);

                // then
                assertThat(sidecar.status().at("/sidecar/epoch").asLong()).isEqualTo(epoch + 1);
                assertThat(sidecar.pidOf("steady")).isEqualTo(steadyPid);
                for (String field : List.of("pid", "incarnation", "restarts")) {
                    assertThat(sidecar.instance("first").path(field)).isEqualTo(before.path(field));
                }
                assertThat(sidecar.instance("rested").path("state").asText()).isEqualTo("stopped");
            }
            assertThat(sidecar.log()).content().contains("sidecar forgets everything");
            assertThat(scripts.starts())
                    .extracting(Start::intent)
                    .containsExactly("-", "order-1", "order-2", "order-3", "order-4", "order-5");
            assertThat(topics.events(sidecar.id())).extracting(Seen::id).doesNotHaveDuplicates();
        }
    }

    /** What the program is changed to, so that it has nothing but Kafka: the capsule unread, the journal removed. */
    private static String forgetting(Path stateDirectory) {
        return """
                Inheritance.find().ifPresent(Capsule::close);
                Inheritance.taken();
                try {
                    new ProcessBuilder("sh", "-c", "rm %s/journal-* %s/snapshot-*; echo sidecar forgets everything")
                            .inheritIO()
                            .start()
                            .waitFor();
                } catch (java.io.IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return start(request, asked);""".formatted(stateDirectory, stateDirectory);
    }

    private static void awaitAllWritten(RunningSidecar sidecar) {
        await("an empty outbox").until(() -> sidecar.metric("respawn_unacknowledged_batches") == 0);
    }

    private RunningSidecar sidecar(String services) {
        return new RunningSidecar(folder, "reloaded", services)
                // Many at once are the point here, not how they are rationed.
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000");
    }

    /** So that there are twenty. */
    private static String steady() {
        StringBuilder services = new StringBuilder();
        ids("steady", 14).forEach(name -> services.append(name).append(": { command: [ sleep, \"10000\" ] }\n"));
        return services.toString();
    }

    /** Sends restarts until the end; what was sent is in the list. */
    private List<String> orders(Background background, RunningSidecar sidecar) {
        Kcat kcat = new Kcat(broker.bootstrap(), sidecar.id());
        List<String> sent = new CopyOnWriteArrayList<>();
        AtomicInteger count = new AtomicInteger();
        background.repeat(Duration.ofMillis(300), () -> {
            List<String> batch = ids("order-" + count.incrementAndGet(), 2);
            kcat.send(restarts(batch));
            sent.addAll(batch);
        });
        return sent;
    }

    /** The API is away, and what ends is started again all the same. */
    private static void awaitSupervision() {
        long before = incarnation();
        await("two more lives of a service").until(() -> incarnation() > before + 1);
    }

    private static long incarnation() {
        return Tagged.of("reloaded").stream()
                .filter(process -> process.service().equals("mortal"))
                .mapToLong(Tagged::incarnation)
                .max()
                .orElse(0);
    }

    private static int parent(int pid) {
        return ProcFs.stat(pid).map(ProcessStat::parent).orElseThrow();
    }

    private void reload(RunningSidecar sidecar) {
        project.touch();
        reloads++;
        sidecar.awaitStatus("reload " + reloads, status -> completed(sidecar) >= reloads);
        sidecar.awaitLive();
    }

    private static int completed(RunningSidecar sidecar) {
        try {
            return Files.readString(sidecar.log()).split("Live reload total time", -1).length - 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
