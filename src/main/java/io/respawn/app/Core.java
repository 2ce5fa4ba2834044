package io.respawn.app;

import io.respawn.config.Settings;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Machine;
import io.respawn.core.State;
import io.respawn.linux.Reactor;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.probe.ServiceProber;
import io.respawn.process.BootTimers;
import io.respawn.process.ChildOutput;
import io.respawn.process.ChildProcesses;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Ports;
import io.respawn.supervise.ProcessRunner.Known;
import io.respawn.supervise.Replica;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervision;
import io.respawn.supervise.Supervisor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/** The sidecar without its framework: state, loop and children. One per life; it starts first and ends last. */
final class Core implements EventSink, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Core.class);
    private static final AtomicReference<Optional<Core>> CURRENT = new AtomicReference<>(Optional.empty());

    private final Plan plan;
    private final Settings settings;
    private final Memory memory;
    private final Reactor reactor;
    private final Supervisor supervisor;
    private final ChildOutput output;
    private final ChildProcesses processes;
    private final ServiceProber prober;
    private final BootTimers timers;
    private final Signals signals;
    private final Statistics statistics = new Statistics();
    private final CompletableFuture<Integer> left = new CompletableFuture<>();
    private final Thread loop;
    private volatile boolean failed;

    /**
     * Takes the state directory, restores the state, starts the loop and sets the services going.
     *
     * @throws CannotStartException when another sidecar holds the state directory
     */
    static Core start(Plan plan, Settings settings) {
        Core core = new Core(plan, settings);
        CURRENT.set(Optional.of(core));
        core.begin();
        return core;
    }

    /** The core of this program; there is none in tests of the edges. */
    static Optional<Core> find() {
        return CURRENT.get();
    }

    static Core current() {
        return find().orElseThrow(() -> new IllegalStateException("Cannot reach the core: it was not started"));
    }

    private Core(Plan plan, Settings settings) {
        this.plan = plan;
        this.settings = settings;
        memory = Memory.open(plan, settings, this);
        reactor = new Reactor(failure -> {
            statistics.fault("loop");
            LOG.error("A part of the loop failed; the loop goes on", failure);
        });
        State state = memory.state();
        supervisor = new Supervisor(new Machine(settings.restoreWait()), state, reactor, reactor::lastBeat, statistics);
        SteadyClock clock = new SteadyClock();
        output = new ChildOutput(
                memory.directory(), new FileOutputStream(FileDescriptor.out), this::label, clock, statistics);
        processes = new ChildProcesses(
                plan.id(),
                reactor,
                this,
                memory.spawnLog(),
                output,
                statistics,
                Path.of("").toAbsolutePath(),
                System.getenv());
        prober = new ServiceProber(this, processes.attendants());
        timers = new BootTimers(reactor, clock, this);
        signals = Signals.install(reactor, this, settings.shutdownTimeout());
        supervisor.start(
                new Ports(clock, memory.journal(), processes, prober, timers, this::leave), memory.unacknowledged());
        loop = Thread.ofPlatform().name("respawn-loop").unstarted(reactor::run);
    }

    private String label(io.respawn.model.InstanceId instance) {
        boolean single = plan.service(instance.service())
                .map(ServiceSpec::instances)
                .filter(count -> count > 1)
                .isEmpty();
        return single ? instance.service().value() : instance.toString();
    }

    private void begin() {
        loop.start();
        reactor.execute(() -> {
            boolean kafka = settings.bootstrapServers().isPresent();
            accept(new Event.KafkaChanged(kafka ? KafkaStatus.CONNECTING : KafkaStatus.OFF, ""));
            accept(new Event.SidecarStarted(
                    memory.host(),
                    processes.recover(known()),
                    memory.spawned(),
                    memory.directory().isPresent(),
                    kafka && memory.isFresh()));
            memory.trouble().ifPresent(trouble -> accept(new Event.JournalChanged(false, trouble)));
        });
    }

    /** What the records say about processes; identities of another boot or host mean nothing here. */
    private List<Known> known() {
        boolean sameHost = memory.state().ledger().host().equals(memory.host());
        List<Known> known = new ArrayList<>();
        memory.state()
                .services()
                .values()
                .forEach(service -> service.instances().forEach(instance -> {
                    Optional<ProcessIdentity> identity = sameHost ? identity(instance) : Optional.empty();
                    known.add(new Known(instance.id(), instance.incarnation(), identity));
                }));
        for (ServiceName name : plan.services().keySet()) {
            if (!memory.state().services().containsKey(name)) {
                known.add(new Known(new io.respawn.model.InstanceId(name, 0), 0, Optional.empty()));
            }
        }
        return known;
    }

    /** Recorded, or noted by the spawner when the record could not follow any more. */
    private Optional<ProcessIdentity> identity(Instance instance) {
        if (instance.state() instanceof InstanceState.Starting) {
            return memory.spawned().stream()
                    .filter(note -> note.instance().equals(instance.id()))
                    .filter(note -> note.incarnation() == instance.incarnation())
                    .map(Event.Found::process)
                    .findFirst();
        }
        return instance.state().identity();
    }

    @Override
    public void accept(Event event) {
        supervisor.accept(event);
    }

    Plan plan() {
        return plan;
    }

    Settings settings() {
        return settings;
    }

    Supervision supervision() {
        return supervisor;
    }

    Statistics statistics() {
        return statistics;
    }

    Memory memory() {
        return memory;
    }

    void attach(Replica replica) {
        supervisor.attach(replica);
    }

    /** The framework did not come up: whatever the way out, the exit code says so. */
    void failed() {
        failed = true;
    }

    private void leave(int exitCode) {
        left.complete(failed ? 1 : exitCode);
        signals.left();
    }

    void onLeft(IntConsumer action) {
        left.whenCompleteAsync((code, failure) -> action.accept(code)).exceptionally(failure -> {
            LOG.error("Cannot end the framework", failure);
            return 1;
        });
    }

    int awaitLeft() {
        return left.join();
    }

    /** A reload begins: children, their output and the journal stay for the next core. */
    void detach() {
        signals.detach();
    }

    @Override
    public void close() {
        CURRENT.set(Optional.empty());
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        reactor.execute(() -> {
            processes.close(true);
            timers.close();
            signals.close();
            done.complete(true);
            reactor.stop();
        });
        done.join();
        prober.close();
        output.close();
        memory.close();
    }
}
