package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * One broker and one sidecar for all scenarios of a class; each scenario has services of its own. Their scripts find the
 * stage's folder in the variable {@code STAGE}.
 */
final class Stage implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path folder;
    private final KafkaBroker broker;
    private final RunningSidecar sidecar;
    private final Topics topics;

    /** Prepares everything but the sidecar's start; {@code services} is the part of its file below that key. */
    Stage(Path folder, String id, String services) {
        this.folder = folder;
        broker = KafkaBroker.start(folder.resolve("broker"));
        topics = new Topics(broker.bootstrap());
        sidecar = new RunningSidecar(folder, id, services)
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                .with("STAGE", folder.toString());
    }

    Stage with(String variable, String value) {
        sidecar.with(variable, value);
        return this;
    }

    /** Starts the sidecar, and returns when it takes orders from everywhere. */
    Stage open() {
        sidecar.start();
        return awaitOpen();
    }

    Stage awaitOpen() {
        sidecar.awaitLive();
        return this;
    }

    RunningSidecar sidecar() {
        return sidecar;
    }

    Topics topics() {
        return topics;
    }

    Kcat kcat() {
        return new Kcat(broker.bootstrap(), sidecar.id());
    }

    JsonNode service(String name) {
        return sidecar.json("/api/v1/services/" + name);
    }

    /** Waits until the first instance of a service is in a state, and answers with what the API says of it. */
    JsonNode await(String service, String state) {
        return await(
                service,
                "state " + state,
                instance -> instance.path("state").asText().equals(state));
    }

    /** Waits until the first instance of a service is as wanted. */
    JsonNode await(String service, String what, Predicate<JsonNode> wanted) {
        return awaitService(service, what, seen -> wanted.test(seen.at("/instances/0")))
                .at("/instances/0");
    }

    JsonNode awaitService(String service, String what, Predicate<JsonNode> wanted) {
        return patiently(what + " of " + service + ", log is " + sidecar.log()).until(() -> service(service), wanted);
    }

    /** Waits for a process of a service that is ready and younger than this incarnation. */
    JsonNode awaitAfter(String service, long incarnation) {
        return await(
                service,
                "an incarnation after " + incarnation,
                instance -> instance.path("incarnation").asLong() > incarnation
                        && instance.path("state").asText().equals("ready"));
    }

    /** Gives an order, and answers with the intent once it has ended. */
    JsonNode order(String service, String action) {
        return order(service, action, "{}");
    }

    JsonNode order(String service, String action, String body) {
        return outcome(submit(service, action, body));
    }

    /** Gives an order, and answers with its id. */
    String submit(String service, String action, String body) {
        return sidecar.post("/api/v1/services/" + service + "/" + action, body)
                .path("id")
                .asText();
    }

    /** The intent once it has ended. */
    JsonNode outcome(String intent) {
        JsonNode ended = sidecar.json("/api/v1/intents/" + intent + "?wait=true&timeout=30s");
        assertThat(ended.path("phase").asText()).as("%s", ended).isEqualTo("ended");
        return ended;
    }

    /** Has a service run, however it was. */
    JsonNode start(String service) {
        order(service, "start");
        return await(service, "ready");
    }

    /** SIGKILL to the process of the first instance; answers with what the API said of it before. */
    JsonNode kill(String service) {
        JsonNode before = await(service, "ready");
        kill(before.path("pid").asInt());
        return before;
    }

    static void kill(int pid) {
        ProcessHandle.of(pid)
                .orElseThrow(() -> new AssertionError("Cannot find the process " + pid))
                .destroyForcibly();
    }

    List<Tagged> processes(String service) {
        return Tagged.of(sidecar.id()).stream()
                .filter(process -> process.service().equals(service))
                .toList();
    }

    /** What was published about a service, orders to it included, as soon as it is as wanted. */
    List<Seen> events(String service, String what, Predicate<List<Seen>> wanted) {
        String subject = sidecar.id() + "/" + service;
        return topics.awaitEvents(what, sidecar.id(), all -> wanted.test(about(subject, all))).stream()
                .filter(event -> event.subject().equals(subject))
                .toList();
    }

    private static List<Seen> about(String subject, List<Seen> all) {
        return all.stream().filter(event -> event.subject().equals(subject)).toList();
    }

    /** The details of one kind of happening to a service itself, as soon as there are so many. */
    List<String> details(String service, String happening, int count) {
        String type = "io.respawn.service." + happening + ".v1";
        Predicate<Seen> chosen = event -> event.type().equals(type);
        return events(
                        service,
                        count + " times " + happening + " of " + service,
                        all -> all.stream().filter(chosen).count() >= count)
                .stream()
                .filter(chosen)
                .map(event -> event.data().path("detail").asText())
                .toList();
    }

    /** The lines of a file of the stage's folder; none while it is not there. */
    List<String> lines(String file) {
        Path path = folder.resolve(file);
        try {
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    List<String> awaitLines(String file, int count) {
        return patiently(count + " lines in " + folder.resolve(file))
                .until(() -> lines(file), lines -> lines.size() >= count);
    }

    /** Writes a file that a service or a probe looks at. */
    void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + folder.resolve(file), e);
        }
    }

    /** The sidecar leaves in order, and nothing of it is left: no zombie before, no process and no stray afterwards. */
    Programs.Ended leave() {
        int pid = Math.toIntExact(sidecar.pid());
        patiently("no zombie below the sidecar")
                .untilAsserted(() -> assertThat(below(pid).values()).noneMatch(ProcessStat::zombie));
        Map<Integer, ProcessStat> before = below(pid);
        Programs.Ended ended = sidecar.terminate();
        assertThat(ended.exitCode()).isZero();
        // What was killed last may still be dying, or wait for the machine's first process to reap it.
        patiently("nothing left of the sidecar").untilAsserted(() -> {
            assertThat(Tagged.of(sidecar.id())).isEmpty();
            assertThat(before.values()).filteredOn(Stage::isStillThere).isEmpty();
        });
        return ended;
    }

    /** All descendants of a process, by their pids. */
    private static Map<Integer, ProcessStat> below(int root) {
        Map<Integer, ProcessStat> all = ProcFs.pids().stream()
                .flatMap(pid -> ProcFs.stat(pid).stream())
                .collect(Collectors.toMap(ProcessStat::pid, stat -> stat));
        return all.values().stream()
                .filter(stat -> isBelow(root, stat, all))
                .collect(Collectors.toMap(ProcessStat::pid, stat -> stat));
    }

    private static boolean isBelow(int root, ProcessStat stat, Map<Integer, ProcessStat> all) {
        ProcessStat parent = all.get(stat.parent());
        return stat.parent() == root || (parent != null && isBelow(root, parent, all));
    }

    private static boolean isStillThere(ProcessStat before) {
        return ProcFs.stat(before.pid())
                .filter(now -> now.startTicks() == before.startTicks())
                .isPresent();
    }

    private static ConditionFactory patiently(String what) {
        return Awaitility.await(what).atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(POLL);
    }

    @Override
    public void close() {
        sidecar.close();
        topics.close();
        broker.close();
    }
}
