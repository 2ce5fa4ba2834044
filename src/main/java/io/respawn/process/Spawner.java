package io.respawn.process;

import io.respawn.core.Event.Noted;
import io.respawn.linux.Executables;
import io.respawn.linux.Fifo;
import io.respawn.linux.Launchpad;
import io.respawn.linux.LinuxException;
import io.respawn.linux.ProcessSetup;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.SpawnResult;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.process.InstanceOutput.Writers;
import io.respawn.supervise.SpawnLog;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts processes one after another on a thread of its own, since a start waits until the program is loaded, and a hung
 * file system can make that long; see {@link Starters} for what happens then.
 */
final class Spawner implements AutoCloseable {

    /** A start that failed because something had run out. */
    static final String STARVED = "spawn-starved";

    private static final Logger LOG = System.getLogger(Spawner.class.getName());

    private final ChildEnvironment environment;
    private final Path ownDirectory;
    private final ChildOutput output;
    private final SpawnLog spawnLog;
    private final Set<Integer> ownPids;
    private final Statistics statistics;
    private final Starters starters;
    private final Consumer<Outcome> outcomes;
    private final Idleness idleness = new Idleness();

    /** How a start went. */
    sealed interface Outcome {

        record Begun(Child child) implements Outcome {}

        record NotBegun(Tags tags, String reason) implements Outcome {}
    }

    /**
     * Starts the thread.
     *
     * @param ownPids is told of each process before any orphan sweep can meet it
     * @param outcomes is told how each start went, on a thread of the spawner; what it throws for want of memory is repeated
     */
    Spawner(
            ChildEnvironment environment,
            Path ownDirectory,
            ChildOutput output,
            SpawnLog spawnLog,
            Set<Integer> ownPids,
            Statistics statistics,
            Consumer<Outcome> outcomes) {
        this.environment = environment;
        this.ownDirectory = ownDirectory.toAbsolutePath().normalize();
        this.output = output;
        this.spawnLog = spawnLog;
        this.ownPids = ownPids;
        this.statistics = statistics;
        this.outcomes = outcomes;
        this.starters = new Starters(statistics, ownPids::contains);
    }

    /** Has a process started; {@code saysItIsUp} gets the line of its output that says so, if one does. */
    void order(ServiceSpec spec, Tags tags, Consumer<String> saysItIsUp) {
        idleness.begun();
        starters.order(new Starters.Order(
                tags.key(), spec.start().timeout(), progress -> start(spec, tags, saysItIsUp, progress)));
    }

    /** Waits until everything that is ordered was started, or for as long as this. */
    void awaitIdle(Duration longest) throws InterruptedException {
        idleness.await(longest);
    }

    /** Has what is ordered from now on wait; false, and nothing is changed, if a start takes longer than this. */
    boolean pause(Duration longest) throws InterruptedException {
        return starters.pause(longest);
    }

    void goOn() {
        starters.goOn();
    }

    /** Looks after starts that hang; to be called again and again, on the loop's thread. */
    void relieve() {
        starters.relieve(this::tellOfHanging);
    }

    /** Waits no longer for a start; says so if there was one that is not over. On the loop's thread. */
    void abandon(ChildKey key) {
        starters.abandon(key, this::tellOfHanging);
    }

    private void tellOfHanging(ChildKey key) {
        var tags = new Tags(key.instance(), key.incarnation(), Optional.empty(), false);
        tell(new Outcome.NotBegun(
                tags,
                "Cannot wait any longer for the start of " + key.instance()
                        + ": loading its program hangs; check the file system it is on"));
    }

    private void tell(Outcome outcome) {
        outcomes.accept(outcome);
        idleness.ended();
    }

    private void start(ServiceSpec spec, Tags tags, Consumer<String> saysItIsUp, Starters.Progress progress) {
        SpawnResult result = progress.insist(() -> attempt(spec, tags, saysItIsUp, progress.launchpad()));
        if (!progress.claim()) {
            withdraw(result);
            return;
        }
        Outcome outcome = progress.insist(() -> outcome(tags, result));
        progress.insist(() -> {
            tell(outcome);
            return true;
        });
    }

    private SpawnResult attempt(ServiceSpec spec, Tags tags, Consumer<String> saysItIsUp, Launchpad launchpad) {
        try {
            return spawn(spec, tags, saysItIsUp, launchpad);
        } catch (UnusableSetup unusable) {
            return unusable.asFailed();
        } catch (LinuxException failed) {
            return new Failed(
                    failed.errno().isShortage() ? Stage.RESOURCES : Stage.OTHER,
                    failed.errno(),
                    "Cannot start " + tags.instance() + ": " + failed.getMessage()
                            + failed.errno().remedy());
        }
    }

    private Outcome outcome(Tags tags, SpawnResult result) {
        return switch (result) {
            case Failed failed -> {
                if (failed.stage() == Stage.RESOURCES) {
                    statistics.fault(STARVED);
                }
                yield new Outcome.NotBegun(tags, failed.words());
            }
            case Spawned spawned -> {
                var identity = new ProcessIdentity(spawned.pid(), spawned.startTicks());
                noteProcess(tags, identity);
                yield new Outcome.Begun(Child.spawned(tags, identity, spawned.pidfd()));
            }
        };
    }

    /** Nobody waits for it any more, and there may be a later one. */
    private void withdraw(SpawnResult result) {
        if (result instanceof Spawned late) {
            Spawn.withdraw(late);
            ownPids.remove(late.pid());
        }
    }

    private SpawnResult spawn(ServiceSpec spec, Tags tags, Consumer<String> saysItIsUp, Launchpad launchpad) {
        List<String> variables = environment.of(spec, tags, ownDirectory);
        ProcessSetup setup = Setups.of(spec.name(), spec.program().setting());
        Path directory =
                spec.program().workingDirectory().map(ownDirectory::resolve).orElse(ownDirectory);
        return switch (Executables.find(spec.program().command().getFirst(), variables, directory)) {
            case Executables.Resolution.Missing(Failed failure) -> failure;
            case Executables.Resolution.Found(Path executable) -> {
                LineWatch watch = spec.start()
                        .readyLine()
                        .map(line -> new LineWatch(tags.instance(), line, saysItIsUp))
                        .orElse(null);
                Optional<Writers> writers =
                        output.open(tags.instance(), spec.output(), new Author(tags.incarnation(), watch));
                try {
                    var request = new SpawnRequest(
                            executable,
                            spec.program().command(),
                            variables,
                            directory,
                            stream(writers.map(Writers::output)),
                            stream(writers.map(Writers::errors)),
                            setup);
                    if (tags.intent().isPresent()) {
                        noteBegin(tags);
                    }
                    yield Spawn.spawn(request, spawned -> ownPids.add(spawned.pid()), launchpad);
                } finally {
                    writers.ifPresent(Writers::close);
                }
            }
        };
    }

    private static Stream stream(Optional<Fifo.End> writer) {
        return writer.<Stream>map(end -> new Stream.ToPipe(end)).orElseGet(Stream.Discarded::new);
    }

    /** If we die now, the next sidecar must know whose process this is. */
    private void noteProcess(Tags tags, ProcessIdentity process) {
        note(tags, Optional.of(process));
    }

    /** If we die now, the next sidecar must know that the order may have been carried out. */
    private void noteBegin(Tags tags) {
        note(tags, Optional.empty());
    }

    /** A note that cannot be made is the journal's trouble, which it reports; the process runs and is watched all the same. */
    private void note(Tags tags, Optional<ProcessIdentity> process) {
        try {
            spawnLog.note(new Noted(tags.instance(), tags.incarnation(), tags.intent(), process));
        } catch (RuntimeException failed) {
            LOG.log(
                    Level.ERROR,
                    "Cannot note the start of " + tags.instance() + ": if the sidecar dies now, it is found by the tags"
                            + " in its environment",
                    failed);
        }
    }

    /** Ends the thread after the start that is under way; what was ordered and not begun is forgotten. */
    @Override
    public void close() {
        starters.close();
    }
}
