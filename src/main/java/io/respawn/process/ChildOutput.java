package io.respawn.process;

import io.respawn.linux.Epoll;
import io.respawn.linux.Fifo;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what children write, on a thread with an epoll of its own: keeps the last lines and shows all of them on the
 * sidecar's standard output.
 *
 * <p>Each instance has one pipe for all its incarnations. With a state directory it has a name there, so what a child
 * writes while no sidecar lives waits for the next one. Nothing here holds up supervision: a child that writes faster than
 * it is read waits for itself, and a standard output that blocks costs lines, which are counted. Thread-safe.
 */
public final class ChildOutput implements AutoCloseable {

    static final String UNAVAILABLE = "output-unavailable";

    private static final Logger LOG = System.getLogger(ChildOutput.class.getName());
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int BUFFER = 64 * 1024;
    private static final int LINES = 1000;

    /** What a predecessor left is little or nothing, and a start should not wait for a large buffer. */
    private static final int REST = 4 * 1024;

    /** A last look for new lines must not hold up the end of the sidecar. */
    private static final long LAST_LOOK_MILLIS = 1000;

    private final Optional<Path> stateDirectory;
    private final Function<InstanceId, String> label;
    private final InstantSource clock;
    private final Statistics statistics;
    private final Console console;
    private final Map<InstanceId, OutputSource> sources = new ConcurrentHashMap<>();
    private final Map<InstanceId, OutputRing> rings = new ConcurrentHashMap<>();
    private final Reactor reactor = new Reactor(this::failed);
    private final byte[] buffer = new byte[BUFFER];
    private final Thread thread;
    private @Nullable Path place;

    /**
     * Starts the reader.
     *
     * @param stateDirectory where the pipes are, in {@code output/}; without one they end with the processes that hold them
     * @param console the sidecar's standard output; may block
     * @param label what stands before a line, such as {@code web} or {@code web/0}
     */
    public ChildOutput(
            Optional<Path> stateDirectory,
            OutputStream console,
            Function<InstanceId, String> label,
            InstantSource clock,
            Statistics statistics) {
        this.stateDirectory = stateDirectory;
        this.label = label;
        this.clock = clock;
        this.statistics = statistics;
        this.console = new Console(console, statistics);
        this.thread = Thread.ofPlatform().daemon().name("respawn-output").start(reactor::run);
    }

    /** The last lines of an instance, the oldest first. */
    public List<OutputLine> last(InstanceId instance, int count) {
        OutputRing ring = rings.get(instance);
        return ring == null ? List.of() : ring.last(count);
    }

    /** The end of the pipe for the next process of an instance, to be closed after its start; empty if there is none. */
    Optional<Fifo.End> open(InstanceId instance) {
        OutputSource source = source(instance);
        return source == null ? Optional.empty() : Optional.of(source.nextWriter(new byte[REST]));
    }

    /** Reads on what a process writes that was started by an earlier sidecar. */
    void attach(InstanceId instance) {
        if (stateDirectory.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "Cannot read the output of {0} until it is restarted: its pipe has no name, as there is no state"
                            + " directory; set respawn.state-directory",
                    instance);
            return;
        }
        source(instance);
    }

    /** How many processes of the instance got an end of the pipe, to be passed to {@link #ended}. */
    int writers(InstanceId instance) {
        OutputSource source = sources.get(instance);
        return source == null ? 0 : source.writers();
    }

    /** The last of so many processes has ended: what it left unfinished becomes a line. */
    void ended(InstanceId instance, int writers) {
        OutputSource source = sources.get(instance);
        if (source != null) {
            onReader(() -> source.finish(buffer, writers));
        }
    }

    private @Nullable OutputSource source(InstanceId instance) {
        return sources.computeIfAbsent(instance, this::make);
    }

    /** Supervision does not depend on it: without a pipe the output is lost, and that is said. */
    private @Nullable OutputSource make(InstanceId instance) {
        try {
            OutputSource source = pipe(instance, sink(instance));
            onReader(() -> reactor.watch(source.descriptor(), Epoll.IN, events -> source.drain(buffer, 1)));
            return source;
        } catch (IOException | LinuxException failed) {
            statistics.fault(UNAVAILABLE);
            LOG.log(Level.ERROR, "Cannot read the output of " + instance + ", it goes nowhere: " + failed.getMessage());
            return null;
        }
    }

    private OutputSource pipe(InstanceId instance, LineSplitter.Sink sink) throws IOException {
        return OutputSource.at(instance, place().resolve(name(instance)), sink);
    }

    /** The directory of the pipes: that of the state, which the next sidecar knows too, or one for this run. */
    private synchronized Path place() throws IOException {
        Path known = place;
        if (known != null) {
            return known;
        }
        Path made;
        if (stateDirectory.isPresent()) {
            made = Files.createDirectories(stateDirectory.get().resolve("output"), OWNER_ONLY);
        } else {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
            // A container with a read-only root still has a shared memory file system.
            Path parent = Files.isWritable(temporary) ? temporary : Path.of("/dev/shm");
            made = Files.createTempDirectory(parent, "respawn-output-", OWNER_ONLY);
        }
        place = made;
        return made;
    }

    private LineSplitter.Sink sink(InstanceId instance) {
        OutputRing ring = rings.computeIfAbsent(instance, key -> new OutputRing(LINES));
        String prefix = label.apply(instance) + " | ";
        var number = new AtomicLong();
        return (text, cut) -> {
            ring.add(new OutputLine(instance, number.incrementAndGet(), clock.instant(), text, cut));
            console.offer(prefix + text + (cut ? " \u2026" : ""));
        };
    }

    private void onReader(Runnable work) {
        try {
            reactor.execute(work);
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The reader of output has ended", ended);
        }
    }

    private void failed(Throwable thrown) {
        statistics.fault("output-failed");
        LOG.log(Level.ERROR, "Cannot read the output of a service", thrown);
    }

    /** Takes a last look for lines and lets go of the pipes; children may go on writing to those with a name. */
    @Override
    public void close() {
        onReader(() -> sources.values().forEach(source -> source.finish(buffer)));
        reactor.stop();
        try {
            thread.join(LAST_LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        console.close();
        if (!thread.isAlive()) {
            reactor.close();
            sources.values().forEach(OutputSource::close);
        }
        if (stateDirectory.isEmpty()) {
            removeTemporary();
        }
    }

    private synchronized void removeTemporary() {
        if (place == null) {
            return;
        }
        try {
            for (InstanceId instance : sources.keySet()) {
                Files.deleteIfExists(place.resolve(name(instance)));
            }
            Files.deleteIfExists(place);
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "Cannot remove the pipes in " + place + ": " + failed + "; remove the directory");
        }
    }

    private static String name(InstanceId instance) {
        return instance.service() + "-" + instance.index();
    }
}
