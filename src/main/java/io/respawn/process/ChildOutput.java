package io.respawn.process;

import io.respawn.linux.LinuxException;
import io.respawn.linux.Parking;
import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.process.InstanceOutput.Desk;
import io.respawn.process.InstanceOutput.Writers;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Forwarding;
import io.respawn.supervise.OutputReader;
import io.respawn.supervise.Statistics;
import io.smallrye.mutiny.Multi;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what children write, on a thread with an epoll of its own: keeps the last lines, shows all of them on the sidecar's
 * standard output, and puts them into files.
 *
 * <p>Each instance has two pipes for all its incarnations. With a state directory they have names there, so what a child
 * writes while no sidecar lives waits for the next one. Nothing here holds up supervision: a child that writes faster than
 * it is read waits for itself, and a standard output that blocks costs lines, which are counted. Thread-safe.
 */
public final class ChildOutput implements OutputReader, AutoCloseable {

    static final String UNAVAILABLE = "output-unavailable";

    private static final Logger LOG = System.getLogger(ChildOutput.class.getName());

    /** A last look for new lines must not hold up the end of the sidecar. */
    private static final long LAST_LOOK_MILLIS = 1000;

    private static final long LONGEST_TURN_MILLIS = 2000;

    /** For Kafka to say what it has got, before an own respawn: what it does not say arrives twice. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(200);

    /** Of each instance, over an own respawn: more would make the blackout long. */
    private static final int KEPT_LINES = 100;

    private final OutputPlaces places;
    private final OutputPolicies policies;
    private final Statistics statistics;
    private final Watches watches;
    private final Console console;
    private final Forwarding forwarding;
    private final Outlets outlets;
    private final Compressor compressor;
    private final LogFiles logs;
    private final PipeRoom room = new PipeRoom();
    private final Rings rings = new Rings();
    private final Map<InstanceId, InstanceOutput> instances = new ConcurrentHashMap<>();
    private final Reactor reactor = new Reactor(this::failed);
    private final Desk desk = new Desk(reactor);
    private final Thread thread;
    private final Parking parking = new Parking();

    /**
     * Starts the reader.
     *
     * @param stateDirectory where the pipes are, in {@code output/}; without one they end with the processes that hold them
     * @param console the sidecar's standard output; may block
     * @param events is told what follows from lines that are answered
     */
    public ChildOutput(
            Optional<Path> stateDirectory,
            OutputStream console,
            OutputPolicies policies,
            InstantSource clock,
            Statistics statistics,
            EventSink events) {
        this.places = new OutputPlaces(stateDirectory);
        this.policies = policies;
        this.statistics = statistics;
        this.watches = new Watches(policies, clock, events, statistics);
        this.console = new Console(console, statistics);
        this.forwarding = new Forwarding(statistics.forwarding(), System::nanoTime);
        this.outlets = new Outlets(rings, this.console, forwarding, policies, clock);
        this.compressor = new Compressor(statistics);
        this.logs = new LogFiles(places, clock, compressor, statistics);
        this.thread = Thread.ofPlatform().daemon().name("respawn-output").start(reactor::run);
    }

    @Override
    public List<Line> last(Collection<InstanceId> of, int count) {
        return rings.last(of, count);
    }

    @Override
    public Multi<Entry> follow(Collection<InstanceId> of, int count) {
        return rings.follow(of, count);
    }

    /** The lines on their way to Kafka. */
    public Forwarding forwarding() {
        return forwarding;
    }

    /** The ends of the pipes for the next process of an instance, to be closed after its start; empty if there are none. */
    Optional<Writers> open(InstanceId instance, OutputPolicy policy, Author next) {
        InstanceOutput output = output(instance, policy, Author.NOBODY);
        if (output == null) {
            return Optional.empty();
        }
        if (!output.isConfigured(policy)) {
            onReader(() -> output.configure(policy, file -> logs.of(instance, file)));
        }
        return Optional.of(output.newWriters(next));
    }

    /**
     * Reads on what a process writes that was started by an earlier sidecar; {@code saysItIsUp} gets the line that says so.
     * False says that it should be tried again.
     */
    boolean attach(ChildKey of, Consumer<String> saysItIsUp) {
        InstanceId instance = of.instance();
        if (!places.isLasting() && !instances.containsKey(instance)) {
            LOG.log(
                    Level.WARNING,
                    "Cannot read the output of {0} until it is restarted: its pipes have no names, as there is no state"
                            + " directory; set respawn.state-directory",
                    instance);
            return true;
        }
        return output(instance, policies.policy(instance), watches.author(of, saysItIsUp)) != null;
    }

    /** Lines go where this says from now on; where it says nothing, they go where they went. */
    public void follow(Function<InstanceId, Optional<OutputPolicy>> policy) {
        instances.forEach((instance, output) -> policy.apply(instance)
                .filter(wanted -> !output.isConfigured(wanted))
                .ifPresent(wanted -> onReader(() -> output.configure(wanted, file -> logs.of(instance, file)))));
    }

    /** How many processes of the instance got ends of the pipes, to be passed to {@link #ended}. */
    int writers(InstanceId instance) {
        InstanceOutput output = instances.get(instance);
        return output == null ? 0 : output.writers();
    }

    /** The last of so many processes has ended: what it left unfinished becomes a line. */
    void ended(InstanceId instance, int writers) {
        InstanceOutput output = instances.get(instance);
        if (output != null) {
            onReader(() -> output.finish(writers));
        }
    }

    private @Nullable InstanceOutput output(InstanceId instance, OutputPolicy policy, Author author) {
        return instances.computeIfAbsent(instance, key -> make(key, policy, author));
    }

    /** Supervision does not depend on it: without pipes the output is lost, and that is said. */
    private @Nullable InstanceOutput make(InstanceId instance, OutputPolicy policy, Author author) {
        try {
            InstanceOutput output = new InstanceOutput(
                    instance,
                    places.pipes(),
                    room,
                    desk,
                    author,
                    watches.triggers(instance),
                    (to, line) -> outlets.take(instance, to, line));
            onReader(() -> output.begin(policy, file -> logs.of(instance, file)));
            return output;
        } catch (IOException | LinuxException failed) {
            statistics.fault(UNAVAILABLE);
            LOG.log(Level.ERROR, "Cannot read the output of " + instance + ", it goes nowhere: " + failed.getMessage());
            return null;
        }
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

    /**
     * Stops reading and writing, and tells where everything stands; {@link #unpark} goes on.
     *
     * @throws IllegalStateException when the reader hangs, for example at a disk that does not answer
     */
    public KeptOutput park() {
        if (!parking.park(this::onReader, LONGEST_TURN_MILLIS)) {
            throw new IllegalStateException("the reader of output hangs; look at the disk that logs are written to");
        }
        List<KeptOutput.Pipe> pipes = instances.entrySet().stream()
                .flatMap(each -> each.getValue().kept(each.getKey()).stream())
                .toList();
        List<KeptTrigger> triggers = instances.values().stream()
                .flatMap(each -> each.keptTriggers().stream())
                .toList();
        return new KeptOutput(
                pipes,
                rings.kept(KEPT_LINES),
                KeptOutput.text(console.park()),
                places.made(),
                triggers,
                forwarding.park(LAST_ANSWERS));
    }

    /** It did not come to a new image: everything goes on. */
    public void unpark() {
        forwarding.unpark();
        console.unpark();
        parking.free();
    }

    /**
     * Goes on where an earlier image stopped; before anything else here. {@code saysItIsUp} as for {@link #attach}; {@code
     * incarnation} is that of the process of an instance, or of its last one.
     */
    public void goOn(KeptOutput from, BiConsumer<InstanceId, String> saysItIsUp, ToLongFunction<InstanceId> incarnation)
            throws IOException {
        rings.goOn(from.lines());
        forwarding.goOn(from.forwarding());
        console.goOn(KeptOutput.bytes(from.console()));
        from.directory().ifPresent(places::goOn);
        Path directory = places.pipes();
        from.pipes().stream()
                .collect(Collectors.groupingBy(KeptOutput.Pipe::instance))
                .forEach((instance, pipes) -> {
                    var of = new ChildKey(instance, incarnation.applyAsLong(instance));
                    LineTriggers triggers = watches.triggers(instance);
                    triggers.goOn(from.triggers());
                    InstanceOutput output = new InstanceOutput(
                            instance,
                            directory,
                            pipes,
                            desk,
                            watches.author(of, text -> saysItIsUp.accept(instance, text)),
                            triggers,
                            (to, line) -> outlets.take(instance, to, line));
                    instances.put(instance, output);
                    onReader(() -> output.begin(policies.policy(instance), file -> logs.of(instance, file)));
                });
    }

    /** Ends while it is parked: another reader of this process goes on where it stands. */
    public void leave() {
        reactor.abandon();
        parking.free();
        end(console::leave);
    }

    /** Takes a last look for lines and lets go of the pipes; children may go on writing to those with names. */
    @Override
    public void close() {
        onReader(() -> {
            instances.values().forEach(output -> output.finish(output.writers()));
            desk.close();
        });
        reactor.stop();
        end(console::close);
        places.remove(instances.keySet());
    }

    private void end(Runnable consoleEnd) {
        try {
            thread.join(LAST_LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        consoleEnd.run();
        compressor.close();
        if (!thread.isAlive()) {
            desk.close();
            instances.values().forEach(InstanceOutput::close);
            reactor.close();
        }
    }
}
