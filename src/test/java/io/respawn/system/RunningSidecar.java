package io.respawn.system;

import static org.awaitility.Awaitility.await;

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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The packaged sidecar as a process of its own, with its own state directory and ports, which stay the same when it is
 * started again. Closing it leaves no process behind, neither it nor a service of its.
 */
final class RunningSidecar implements AutoCloseable {

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
    private Process process;

    /** Prepares a sidecar in a folder of its own; {@code services} is the part of its file below that key. */
    RunningSidecar(Path parent, String id, String services) {
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

    RunningSidecar with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts it; it may have run before and have ended in any way. */
    RunningSidecar start() {
        process = launch(log(), "run", "--config", configuration.toString());
        return this;
    }

    String id() {
        return id;
    }

    int httpPort() {
        return httpPort;
    }

    Path log() {
        return folder.resolve("sidecar.log");
    }

    Path configuration() {
        return configuration;
    }

    Path stateDirectory() {
        return folder.resolve("state");
    }

    long pid() {
        return process.pid();
    }

    /** Waits until all services are ready and, with a broker, orders from Kafka are taken. */
    RunningSidecar awaitReady() {
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

    /** Waits until the API answers and what it says is as wanted. */
    RunningSidecar awaitStatus(String what, Predicate<JsonNode> wanted) {
        await(what + " of sidecar " + id + ", whose log is " + log())
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    requireAlive();
                    return answers() && wanted.test(status());
                });
        return this;
    }

    /** What the API says about the sidecar and its services. */
    JsonNode status() {
        return json("/api/v1/services");
    }

    /** The only instance of a service. */
    JsonNode instance(String service) {
        return json("/api/v1/services/" + service).at("/instances/0");
    }

    int pidOf(String service) {
        return instance(service).path("pid").asInt();
    }

    JsonNode json(String path) {
        try {
            return JSON.readTree(ask(httpPort, path).body());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the answer to " + path, e);
        }
    }

    HttpResponse<String> management(String path) throws IOException {
        return ask(managementPort, path);
    }

    /** Runs a verb of the command line against this sidecar, or one that needs none. */
    Ended cli(String... arguments) {
        Path output = folder.resolve("cli-" + System.nanoTime() + ".log");
        return awaitEnd(launch(output, arguments), output);
    }

    /** Waits until the sidecar has ended on its own. */
    Ended awaitEnd() {
        return awaitEnd(process, log());
    }

    /** SIGKILL, and the end of it. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("Cannot send SIG" + name + " to pid " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run sh to send SIG" + name, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** SIGTERM, and the end of it. */
    Ended terminate() {
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

    /** How a process ended, and what it had to say. */
    record Ended(int exitCode, String output) {}

    /** The sidecar first, so that it starts nothing more; what it started may start something itself. */
    private void end() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
        for (var left = Tagged.of(id); !left.isEmpty(); left = Tagged.of(id)) {
            left.forEach(Tagged::kill);
        }
    }

    private Process launch(Path output, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString());
        builder.command().addAll(java.util.List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.matches("(RESPAWN|KAFKA|QUARKUS)_.*"));
        builder.environment().putAll(environment);
        builder.environment().put("RESPAWN_URL", "http://127.0.0.1:" + httpPort);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + builder.command(), e);
        }
    }

    private static Ended awaitEnd(Process process, Path output) {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Cannot see the end of pid " + process.pid() + " within " + LIMIT
                        + "; it says:\n" + Files.readString(output));
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + output, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Cannot go on: sidecar " + id + " ended with exit code "
                    + process.exitValue() + "; it says:\n" + Files.readString(log()));
        }
    }

    private boolean answers() {
        try {
            return ask(httpPort, "/api/v1/services").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> ask(int port, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Cannot wait any longer: interrupted", e);
    }
}
