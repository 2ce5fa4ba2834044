package io.respawn.app;

import io.respawn.config.Settings;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Machine;
import io.respawn.core.State;
import io.respawn.linux.Reactor;
import io.respawn.linux.Reserve;
import io.respawn.model.Plan;
import io.respawn.probe.NotifySocket;
import io.respawn.probe.ServiceProber;
import io.respawn.process.BootTimers;
import io.respawn.process.ChildOutput;
import io.respawn.process.ChildProcesses;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Members;
import io.respawn.supervise.OutputReader;
import io.respawn.supervise.Ports;
import io.respawn.supervise.Replica;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervision;
import io.respawn.supervise.Supervisor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** The sidecar without its framework: state, loop and children. One per life; it starts first and ends last. */
final class Core implements EventSink, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Core.class);
    private static final AtomicReference<Optional<Core>> CURRENT = new AtomicReference<>(Optional.empty());

    private static final Duration LAST_TURN = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    /** Enough for a thousand services; a hung file system must not keep the API away for ever. */
    private static final Duration LONGEST_HEAD_START = Duration.ofSeconds(3);

    private final EarlyEvents early = new EarlyEvents();
    private final Plan plan;
    private final Settings settings;
    private final Memory memory;
    private final Reactor reactor;
    private final Supervisor supervisor;
    private final ChildOutput output;
    private final ChildProcesses processes;
    private final NotifySocket socket;
    private final ServiceProber prober;
    private final BootTimers timers;
    private final Signals signals;
    private final Statistics statistics = new Statistics();
    private final CompletableFuture<Void> ordered = new CompletableFuture<>();
    private final Departure departure;
    private final Thread loop;

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
        departure = new Departure(settings.shutdownTimeout());
        memory = Memory.open(plan, settings, early);
        Reserve.DESCRIPTORS.refill();
        Shortage.watch(statistics);
        reactor = new Reactor(this::loopFailed);
        State state = memory.state();
        supervisor = new Supervisor(
                new Machine(settings.restoreWait(), settings.shutdownTimeout()),
                state,
                reactor,
                reactor::lastBeat,
                statistics);
        SteadyClock clock = new SteadyClock();
        output = new ChildOutput(
                memory.directory(),
                new FileOutputStream(FileDescriptor.out),
                new PlannedOutput(plan),
                clock,
                statistics);
        socket = NotifySocket.of(plan, memory.directory(), this::members, this, statistics);
        processes = new ChildProcesses(
                plan.id(),
                reactor,
                this,
                memory.spawnLog(),
                output,
                statistics,
                Path.of("").toAbsolutePath(),
                System.getenv(),
                socket);
        prober = new ServiceProber(this, processes.attendants(), statistics, socket);
        timers = new BootTimers(reactor, clock, this);
        signals = Signals.install(reactor, this, settings.shutdownTimeout());
        supervisor.start(
                new Ports(
                        clock,
                        memory.journal(),
                        processes,
                        prober,
                        prober.stopCommands(),
                        timers,
                        intent -> accept(new Event.RespawnRefused(
                                intent, "Cannot respawn: not available in this version; restart the sidecar")),
                        this::leave),
                memory.unacknowledged());
        reactor.afterFailure(supervisor::goOn);
        loop = Thread.ofPlatform().name("respawn-loop").unstarted(reactor::run);
    }

    private Members members() {
        return processes.members();
    }

    private void loopFailed(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            // Said by other means, as there is no memory for it; what failed is done again.
            statistics.outOfMemory();
            return;
        }
        statistics.fault("loop");
        LOG.error("A part of the loop failed; the loop goes on", failure);
    }

    private void begin() {
        loop.start();
        reactor.execute(() -> {
            try {
                recover();
            } catch (RuntimeException | Error failed) {
                LOG.error("Cannot find out what runs, so nothing is started: the sidecar leaves", failed);
                departure.failed();
                leave(1);
            }
            // Behind the turn in which the first starts are ordered.
            reactor.execute(() -> ordered.complete(null));
        });
    }

    private void recover() {
        boolean kafka = settings.bootstrapServers().isPresent();
        accept(new Event.KafkaChanged(kafka ? KafkaStatus.CONNECTING : KafkaStatus.OFF, ""));
        accept(new Event.SidecarStarted(
                memory.host(),
                processes.recover(memory.known(plan)),
                memory.notes(),
                memory.directory().isPresent(),
                kafka && memory.isFresh()));
        if (plan.services().values().stream().anyMatch(spec -> spec.start().notifies())) {
            // After those who outlived their sidecar are adopted, so that it is known whose word theirs is.
            reactor.execute(socket::open);
        }
        memory.trouble().ifPresent(trouble -> accept(new Event.JournalChanged(false, trouble)));
        // What the journal had to say meanwhile is newer than the sentence above, that it can be written.
        early.handTo(this);
    }

    /** Waits while first starts are under way: the framework's boot would double the time until many services run. */
    void letServicesGoFirst() {
        long end = System.nanoTime() + LONGEST_HEAD_START.toNanos();
        try {
            ordered.get(LONGEST_HEAD_START.toNanos(), TimeUnit.NANOSECONDS);
            processes.awaitStarts(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.debug("The first starts take long; the framework starts beside them", late);
        }
    }

    /** From outside the loop it waits for memory, if there is none: whoever tells something cannot keep it. */
    @Override
    public void accept(Event event) {
        if (reactor.inLoop()) {
            supervisor.accept(event);
        } else {
            Insistence.on(statistics, () -> supervisor.accept(event));
        }
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

    OutputReader output() {
        return output;
    }

    Memory memory() {
        return memory;
    }

    void attach(Replica replica) {
        supervisor.attach(replica);
    }

    /** How the sidecar ends. */
    Departure departure() {
        return departure;
    }

    private void leave(int exitCode) {
        // Before the framework ends, and the log with it.
        processes.endStrays();
        departure.left(exitCode);
        signals.left();
    }

    /** A reload begins: children, their output and the journal stay for the next core. */
    void detach() {
        signals.detach();
    }

    /** Lets go of everything in the order in which it depends on each other; children that still run are kept. */
    @Override
    public void close() {
        CURRENT.set(Optional.empty());
        // Each is a task of its own: one that fails must not keep the others, or us, waiting.
        reactor.execute(() -> processes.close(true));
        reactor.execute(timers::close);
        reactor.execute(signals::close);
        reactor.execute(reactor::stop);
        awaitLoop();
        prober.close();
        socket.close();
        output.close();
        memory.close();
        LogRing.drain(LAST_WORDS);
    }

    /** Whatever the loop still does comes before the end of the journal: the next owner may begin right after it. */
    private void awaitLoop() {
        try {
            if (loop.join(LAST_TURN)) {
                reactor.close();
            } else {
                LOG.errorf("Cannot wait longer than %d s for the loop: it is left behind", LAST_TURN.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
