package io.respawn.system;

import static java.lang.ProcessBuilder.Redirect.appendTo;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.respawn.testing.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The packaged sidecar as a process of its own, with its own state directory and ports, which stay the same when it is
 * started again. Closing it leaves no process behind, neither it nor a service of its.
 */
public final class RunningSidecar implements AutoCloseable {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Path LAUNCHER = Path.of(System.getProperty("respawn.home"), "bin/respawn");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private final String id;
    private final Path folder;
    private final Path configuration;
    private final int httpPort = LoopbackPorts.free();
    private final int managementPort = LoopbackPorts.free();
    private final Map<String, String> environment = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Thread atExit = new Thread(this::end, "end-sidecar");
    private List<String> launcher = List.of(LAUNCHER.toString());
    private boolean unread;
    private Duration limit = LIMIT;
    private Process process;

    /** Prepares a sidecar in a folder of its own; {@code services} is the part of its file below that key. */
    public RunningSidecar(Path parent, String id, String services) {
        this.id = id;
        folder = parent.resolve(id);
        configuration = folder.resolve("respawn.yaml");
        try {
            Files.createDirectories(folder);
            Files.writeString(configuration, "respawn:\n  id: " + id + "\n  services:\n" + services.indent(4));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + configuration, e);
        }
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("RESPAWN_STATE_DIRECTORY", stateDirectory().toString());
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public RunningSidecar with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has it started by this command instead of the launcher. */
    public RunningSidecar by(String... command) {
        launcher = List.of(command);
        return this;
    }

    /** Has the launcher started by this, such as a program that changes the user. */
    RunningSidecar through(List<String> prefix) {
        launcher = new ArrayList<>(prefix);
        launcher.add(LAUNCHER.toString());
        return this;
    }

    /** For what has to be compiled first. */
    RunningSidecar patient() {
        limit = LIMIT.multipliedBy(4);
        return this;
    }

    /** Has its standard output, and that of errors, go to a pipe that nobody reads. */
    RunningSidecar unread() {
        unread = true;
        return this;
    }

    /** How many bytes wait in that pipe. */
    int waiting() throws IOException {
        return process.getInputStream().available();
    }

    /** Begins to read that pipe, and goes on to the end, for a line with these words. */
    String awaitLine(String words) {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("reader").start(() -> {
            process.inputReader().lines().filter(line -> line.contains(words)).forEach(found::complete);
            found.completeExceptionally(new IllegalStateException("Cannot find a line with '" + words + "'"));
        });
        return found.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Starts it; it may have run before and have ended in any way. */
    public RunningSidecar start() {
        ProcessBuilder builder = builder(launcher, "run", "--config", configuration.toString());
        process = Programs.start(unread ? builder : builder.redirectOutput(appendTo(log().toFile())));
        return this;
    }

    /** Starts the command of {@link #by} without adding the verb. */
    RunningSidecar startAsItIs() {
        process = Programs.start(builder(launcher).redirectOutput(appendTo(log().toFile())));
        return this;
    }

    /** Waits until a path is answered with this status. */
    void awaitAnswer(String path, int status) {
        await("status " + status + " of " + path + ", log is " + log())
                .atMost(limit)
                .pollInterval(POLL)
                .until(() -> {
                    requireAlive();
                    return ask(httpPort, path).statusCode() == status;
                });
    }

    String id() {
        return id;
    }

    int httpPort() {
        return httpPort;
    }

    public Path log() {
        return folder.resolve("sidecar.log");
    }

    Path configuration() {
        return configuration;
    }

    public Path stateDirectory() {
        return folder.resolve("state");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until all services are ready and, with a broker, orders from Kafka are taken. */
    public RunningSidecar awaitReady() {
        boolean kafka = environment.containsKey("KAFKA_BOOTSTRAP_SERVERS");
        return awaitStatus("readiness", status -> {
            for (JsonNode service : status.path("services")) {
                if (!service.path("ready").asBoolean()) {
                    return false;
                }
            }
            return status.at("/sidecar/phase").asText().equals("running")
                    && (!kafka || status.at("/sidecar/kafka").asText().equals("live"));
        });
    }

    /** Waits until the state on Kafka is the sidecar's, whatever its services do. */
    public RunningSidecar awaitLive() {
        return awaitStatus(
                "a running sidecar",
                status -> status.at("/sidecar/phase").asText().equals("running")
                        && status.at("/sidecar/kafka").asText().equals("live"));
    }

    /** Waits until the API answers and what it says is as wanted. */
    RunningSidecar awaitStatus(String what, Predicate<JsonNode> wanted) {
        await(what + " of sidecar " + id + ", whose log is " + log())
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    requireAlive();
                    return statusIfAnswered().filter(wanted).isPresent();
                });
        return this;
    }

    /** What the API says about the sidecar and its services. */
    public JsonNode status() {
        return json("/api/v1/services");
    }

    /** The only instance of a service. */
    public JsonNode instance(String service) {
        return json("/api/v1/services/" + service).at("/instances/0");
    }

    boolean isReady(String service) {
        return instance(service).path("state").asText().equals("ready");
    }

    /** How often a fault was counted, by the metrics. */
    double fault(String word) throws IOException {
        return metric("respawn_faults_total{fault=\"" + word + "\"");
    }

    /** The value of the line that begins so, 0 without one. */
    public double metric(String begin) throws IOException {
        return management("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The names of its threads; the kernel keeps fifteen characters of each. */
    List<String> threads() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            return tasks.map(task -> {
                        try {
                            return Files.readString(task.resolve("comm")).strip();
                        } catch (IOException gone) {
                            return "";
                        }
                    })
                    .toList();
        }
    }

    int pidOf(String service) {
        return instance(service).path("pid").asInt();
    }

    JsonNode json(String path) {
        try {
            return JSON.readTree(text(path));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the answer to " + path, e);
        }
    }

    String text(String path) throws IOException {
        return ask(httpPort, path).body();
    }

    /** Gives an order to the API; the answer is what it says about it. */
    public JsonNode post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(limit)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return JSON.readTree(send(request).body());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot post to " + path, e);
        }
    }

    HttpResponse<String> delete(String path) {
        URI uri = URI.create("http://127.0.0.1:" + httpPort + path);
        try {
            return send(HttpRequest.newBuilder(uri).timeout(limit).DELETE().build());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }

    HttpResponse<String> management(String path) throws IOException {
        return ask(managementPort, path);
    }

    /** Runs a verb of the command line against this sidecar, or one that needs none. */
    Programs.Ended cli(String... arguments) {
        Path output = folder.resolve("cli-" + System.nanoTime() + ".log");
        ProcessBuilder builder = builder(List.of(LAUNCHER.toString()), arguments);
        return Programs.awaitEnd(Programs.start(builder.redirectOutput(appendTo(output.toFile()))), output);
    }

    /** Waits until the sidecar has ended on its own. */
    Programs.Ended awaitEnd() {
        return Programs.awaitEnd(process, log());
    }

    /** Whether it has ended, or does within this time. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL, and the end of it. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    void signal(String name) {
        Programs.signal(process, name);
    }

    /** SIGTERM, and the end of it. */
    Programs.Ended terminate() {
        signal("TERM");
        return awaitEnd();
    }

    @Override
    public void close() {
        end();
        if (atExit.getState() == Thread.State.NEW) {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
        http.close();
    }

    /** The sidecar first, so that it starts nothing more; what it started may start something itself. */
    private void end() {
        if (process != null) {
            List<ProcessHandle> below = process.descendants().toList();
            process.destroyForcibly();
            process.onExit().join();
            below.forEach(ProcessHandle::destroyForcibly);
        }
        for (var left = Tagged.of(id); !left.isEmpty(); left = Tagged.of(id)) {
            left.forEach(Tagged::kill);
        }
    }

    private ProcessBuilder builder(List<String> program, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(program));
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.matches("(RESPAWN|KAFKA|QUARKUS)_.*"));
        builder.environment().putAll(environment);
        builder.environment().put("RESPAWN_URL", "http://127.0.0.1:" + httpPort);
        return builder.redirectErrorStream(true);
    }

    private void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Cannot go on: sidecar " + id + " ended with exit code "
                    + process.exitValue() + "; it says:\n" + Programs.said(log()));
        }
    }

    /** Empty while nobody answers, and when a respawn cuts off the answer. */
    private Optional<JsonNode> statusIfAnswered() throws JsonProcessingException {
        HttpResponse<String> answer;
        try {
            answer = ask(httpPort, "/api/v1/services");
        } catch (IOException notYet) {
            return Optional.empty();
        }
        return answer.statusCode() == 200 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
    }

    private HttpResponse<String> ask(int port, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(limit)
                .build();
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }
}
