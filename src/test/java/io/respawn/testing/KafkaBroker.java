package io.respawn.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real Kafka broker in a process of its own, on the loopback address only, with its data in a folder of the test.
 *
 * <p>It runs {@code src/demo/kafka/broker.sh}, as the demo does. Port and data stay the same over {@link #restart()},
 * also after {@link #kill()}. Topics are never created by themselves. Not thread-safe.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(25);

    private final Path folder;
    private final int port = LoopbackPorts.free();
    private final int controllerPort = LoopbackPorts.free();
    private ServerProcess process;

    private KafkaBroker(Path folder) {
        this.folder = folder;
        process = spawn();
    }

    /** Starts a broker that keeps everything in {@code folder}, and returns when it answers. */
    public static KafkaBroker start(Path folder) {
        KafkaBroker broker = new KafkaBroker(folder.toAbsolutePath());
        try {
            broker.awaitAnswer();
        } catch (RuntimeException | Error failure) {
            broker.kill();
            throw failure;
        }
        return broker;
    }

    /** {@return the address for {@code bootstrap.servers}} */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** {@return the pid of the broker's present process} */
    public long pid() {
        return process.pid();
    }

    /** {@return the file with the broker's own log} */
    public Path log() {
        return folder.resolve("broker.log");
    }

    /** Stops the process where it is (SIGSTOP): connections stay open, nothing answers. */
    public void pause() {
        process.pause();
    }

    /** Lets a paused broker go on (SIGCONT). */
    public void resume() {
        process.resume();
    }

    /** Kills the process (SIGKILL) and returns when it is gone. */
    public void kill() {
        process.kill();
    }

    /** Stops the broker in good order, a paused one too, and returns when its process is gone. */
    public void stop() {
        process.stop();
    }

    /** Starts it again on the same port and data, after stopping it if it runs, and returns when it answers. */
    public void restart() {
        stop();
        process = spawn();
        awaitAnswer();
    }

    @Override
    public void close() {
        stop();
    }

    private ServerProcess spawn() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create the folder of the broker, " + folder, e);
        }
        // Surefire and failsafe say where the project is; elsewhere it is the working directory.
        Path project = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        ProcessBuilder command = new ProcessBuilder(
                "sh", project.resolve("src/demo/kafka/broker.sh").toString());
        Path arguments = project.resolve("target/broker/broker.args");
        Map<String, String> environment = command.environment();
        environment.put("BROKER_DATA", folder.toString());
        environment.put("BROKER_PORT", Integer.toString(port));
        environment.put("BROKER_CONTROLLER_PORT", Integer.toString(controllerPort));
        environment.put("BROKER_ARGS", System.getProperty("broker.args", arguments.toString()));
        environment.put("JAVA", System.getProperty("java.home") + "/bin/java");
        return ServerProcess.start(command, log());
    }

    private void awaitAnswer() {
        awaitUntil("a listener on " + bootstrap(), this::accepts);
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap(),
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, POLL.toMillis());
        try (Admin admin = Admin.create(settings)) {
            awaitUntil("the cluster to have its broker " + bootstrap(), () -> clusterHasBroker(admin));
        }
    }

    private void awaitUntil(String what, Callable<Boolean> condition) {
        try {
            await(what)
                    .atMost(START_LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "Cannot see " + what + " within " + START_LIMIT + "; " + process.endOfLog(), e);
        }
    }

    private boolean accepts() {
        process.requireAlive();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean clusterHasBroker(Admin admin) throws InterruptedException {
        process.requireAlive();
        try {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new IllegalStateException("Cannot ask the broker on " + bootstrap() + " about its cluster", e);
        }
    }
}
