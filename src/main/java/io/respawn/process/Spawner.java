package io.respawn.process;

import io.respawn.linux.Executables;
import io.respawn.linux.Fifo;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.SpawnResult;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.process.InstanceOutput.Writers;
import io.respawn.supervise.SpawnLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts processes one after another on a thread of its own, since a start waits until the program is loaded, and a hung
 * file system can make that long.
 */
final class Spawner implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Spawner.class.getName());

    private final ChildEnvironment environment;
    private final Path ownDirectory;
    private final ChildOutput output;
    private final SpawnLog spawnLog;
    private final Set<Integer> ownPids;
    private final LinkedBlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
    private final ReentrantLock idle = new ReentrantLock();
    private final Condition becameIdle = idle.newCondition();
    private int waiting;
    private final Thread thread;
    private volatile boolean closed;

    /** Is told how a start went, on the spawner's thread. */
    interface Answer {
        /** By a line of its output; on the thread that reads it, possibly before the start is told. */
        void saysItIsUp(String line);

        void spawned(Child child);

        void failed(String reason);
    }

    /** Starts the thread; {@code ownPids} is told of each process before any orphan sweep can meet it. */
    Spawner(
            ChildEnvironment environment,
            Path ownDirectory,
            ChildOutput output,
            SpawnLog spawnLog,
            Set<Integer> ownPids) {
        this.environment = environment;
        this.ownDirectory = ownDirectory.toAbsolutePath().normalize();
        this.output = output;
        this.spawnLog = spawnLog;
        this.ownPids = ownPids;
        this.thread = Thread.ofPlatform().daemon().name("respawn-spawner").start(this::work);
    }

    void order(ServiceSpec spec, Tags tags, Answer answer) {
        count(1);
        orders.add(() -> {
            start(spec, tags, answer);
            count(-1);
        });
    }

    /** Waits until everything that is ordered was started, or for as long as this. */
    void awaitIdle(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        idle.lock();
        try {
            long left = longest.toNanos();
            while (waiting > 0 && left > 0) {
                left = becameIdle.awaitNanos(deadline - System.nanoTime());
            }
        } finally {
            idle.unlock();
        }
    }

    private void count(int change) {
        idle.lock();
        try {
            waiting += change;
            if (waiting == 0) {
                becameIdle.signalAll();
            }
        } finally {
            idle.unlock();
        }
    }

    private void work() {
        while (!closed) {
            try {
                orders.take().run();
            } catch (InterruptedException ending) {
                LOG.log(Level.DEBUG, "The spawner ends", ending);
            }
        }
    }

    private void start(ServiceSpec spec, Tags tags, Answer answer) {
        SpawnResult result;
        try {
            result = spawn(spec, tags, answer);
        } catch (RuntimeException | Error failed) {
            // Whatever it is, this thread must go on: without it no service would ever start again.
            answer.failed("Cannot start " + tags.instance() + ": " + failed);
            return;
        }
        switch (result) {
            case Failed failed -> answer.failed(failed.words());
            case Spawned spawned -> {
                var identity = new ProcessIdentity(spawned.pid(), spawned.startTicks());
                // First of all the note: if we die now, the next sidecar must know whose process this is.
                note(tags, identity);
                answer.spawned(new Child(tags, identity, spawned.pidfd(), true));
            }
        }
    }

    private SpawnResult spawn(ServiceSpec spec, Tags tags, Answer answer) {
        List<String> variables = environment.of(spec, tags);
        Path directory =
                spec.program().workingDirectory().map(ownDirectory::resolve).orElse(ownDirectory);
        return switch (Executables.find(spec.program().command().getFirst(), variables, directory)) {
            case Executables.Resolution.Missing(Failed failure) -> failure;
            case Executables.Resolution.Found(Path executable) -> {
                Optional<Writers> writers = output.open(
                        tags.instance(),
                        spec.output(),
                        spec.start().readyLine().map(line -> new LineWatch(tags.instance(), line, answer::saysItIsUp)));
                try {
                    var request = new SpawnRequest(
                            executable,
                            spec.program().command(),
                            variables,
                            directory,
                            stream(writers.map(Writers::output)),
                            stream(writers.map(Writers::errors)));
                    yield Spawn.spawn(request, spawned -> ownPids.add(spawned.pid()));
                } finally {
                    writers.ifPresent(Writers::close);
                }
            }
        };
    }

    private static Stream stream(Optional<Fifo.End> writer) {
        return writer.<Stream>map(end -> new Stream.ToPipe(end)).orElseGet(Stream.Discarded::new);
    }

    /** A note that cannot be made is the journal's trouble, which it reports; the process runs and is watched all the same. */
    private void note(Tags tags, ProcessIdentity identity) {
        try {
            spawnLog.spawned(tags.instance(), tags.incarnation(), tags.intent(), identity);
        } catch (RuntimeException failed) {
            LOG.log(
                    Level.ERROR,
                    "Cannot note the start of " + tags.instance() + " (pid " + identity.pid() + "): if the sidecar dies"
                            + " now, it is found by the tags in its environment",
                    failed);
        }
    }

    /** Ends the thread after the start that is under way; what was ordered and not begun is forgotten. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
