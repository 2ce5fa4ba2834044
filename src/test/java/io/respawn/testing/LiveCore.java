package io.respawn.testing;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Machine;
import io.respawn.core.State;
import io.respawn.core.TimerKey;
import io.respawn.journal.LocalJournal;
import io.respawn.journal.Restored;
import io.respawn.linux.ProcFs;
import io.respawn.linux.Reactor;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.process.BootTimers;
import io.respawn.process.ChildOutput;
import io.respawn.process.ChildProcesses;
import io.respawn.process.OutputPolicies;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.Plans;
import io.respawn.supervise.Ports;
import io.respawn.supervise.Prober;
import io.respawn.supervise.ProcessRunner;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervisor;
import io.respawn.supervise.Timers;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The core as the sidecar has it, real processes, journal and timers included, without framework, Kafka and probes. It
 * notes when what was decided and done.
 */
public final class LiveCore implements AutoCloseable {

    /** What happened to an instance, and when, by the clock of this core. */
    public record Note(What what, InstanceId instance, long incarnation, Instant at, int pid) {}

    /** What is noted. */
    public enum What {
        /** A backoff was begun; the time is its end. */
        DEADLINE,
        /** The timer's handler ran. */
        NOTICED,
        /** The loop decided on the start, journaled it and ordered it. */
        DECIDED,
        /** The process was there. */
        STARTED
    }

    /** Held, or its level would be forgotten: thousands of lines about restarts help nobody. */
    private static final Logger EVENTS = Logger.getLogger("io.respawn.supervise");

    private final ConcurrentLinkedDeque<Note> notes = new ConcurrentLinkedDeque<>();
    private final SteadyClock clock = new SteadyClock();
    private final Statistics statistics = new Statistics();
    private final Reactor reactor = new Reactor(Throwable::printStackTrace);
    private final Thread loop = Thread.ofPlatform().name("core-loop").unstarted(reactor::run);
    private final LocalJournal journal;
    private final ChildOutput output;
    private final ChildProcesses processes;
    private final BootTimers timers;
    private final Supervisor supervisor;

    /** Starts all services of the plan; the directory is for journal and pipes. */
    public LiveCore(Plan plan, Path directory) {
        EVENTS.setLevel(Level.WARNING);
        HostIdentity host = new HostIdentity(ProcFs.bootId(), ProcFs.pidNamespaceInode());
        State state = new State(plan, Ledger.fresh(host));
        supervisor = new Supervisor(
                new Machine(Duration.ZERO, Duration.ofHours(1)), state, reactor, reactor::lastBeat, statistics);
        journal = new LocalJournal(directory, host, Restored.NOTHING, supervisor, LocalJournal.DEFAULT_LIMIT);
        output = new ChildOutput(
                Optional.of(directory), OutputStream.nullOutputStream(), new Labels(), clock, statistics, supervisor);
        processes = new ChildProcesses(
                plan.id(),
                reactor,
                supervisor,
                this::started,
                output,
                statistics,
                directory,
                Map.copyOf(System.getenv()),
                spec -> Map.of());
        timers = new BootTimers(reactor, clock, this::fired);
        Prober none = new NoProbes();
        supervisor.start(
                new Ports(
                        clock,
                        journal,
                        new NotingRunner(),
                        none,
                        (spec, order) -> {
                            throw new IllegalStateException("Cannot run a stop command of " + spec.name() + " here");
                        },
                        new NoHooks(),
                        new NotingTimers(),
                        intent -> {
                            throw new IllegalStateException("Cannot respawn here");
                        },
                        new NoPlans(),
                        code -> {}),
                List.of());
        loop.start();
        supervisor.accept(new Event.KafkaChanged(KafkaStatus.OFF, ""));
        supervisor.accept(new Event.SidecarStarted(host, List.of(), List.of(), true, false));
    }

    private void started(Event.Noted noted) {
        noted.process()
                .ifPresent(process ->
                        note(What.STARTED, noted.instance(), noted.incarnation(), clock.instant(), process.pid()));
        journal.note(noted);
    }

    private void fired(Event event) {
        if (event instanceof Event.TimerFired(TimerKey.OfInstance of) && isBackoff(of)) {
            note(What.NOTICED, of.instance(), of.incarnation() + 1, clock.instant(), 0);
        }
        supervisor.accept(event);
    }

    private static boolean isBackoff(TimerKey.OfInstance key) {
        return key.purpose() == TimerKey.Purpose.BACKOFF;
    }

    private void note(What what, InstanceId instance, long incarnation, Instant at, int pid) {
        notes.addLast(new Note(what, instance, incarnation, at, pid));
    }

    /** Everything so far, the oldest first. */
    public SequencedCollection<Note> notes() {
        return notes;
    }

    public SteadyClock clock() {
        return clock;
    }

    public Statistics statistics() {
        return statistics;
    }

    /** The processes of an incarnation, as soon as there are so many. */
    public List<Note> await(What what, long incarnation, int count, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            List<Note> found = notes.stream()
                    .filter(note -> note.what() == what && note.incarnation() == incarnation)
                    .toList();
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Cannot wait longer than " + longest + ": of " + count + " only "
                        + found.size() + " are " + what + " in incarnation " + incarnation);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Kills all processes with their groups. */
    @Override
    public void close() {
        reactor.execute(() -> processes.close(false));
        reactor.execute(timers::close);
        reactor.execute(reactor::stop);
        try {
            loop.join(20_000);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("Cannot end the loop", interrupted);
        }
        reactor.close();
        output.close();
        journal.close();
    }

    private record Labels() implements OutputPolicies {
        @Override
        public String label(InstanceId instance) {
            return instance.toString();
        }

        @Override
        public OutputPolicy policy(InstanceId instance) {
            return OutputPolicy.DEFAULT;
        }
    }

    private final class NotingRunner implements ProcessRunner {
        @Override
        public List<Event.Found> recover(List<Known> known) {
            return processes.recover(known);
        }

        @Override
        public void spawn(ServiceSpec spec, InstanceId instance, long incarnation, Optional<IntentId> intent) {
            note(What.DECIDED, instance, incarnation, clock.instant(), 0);
            processes.spawn(spec, instance, incarnation, intent);
        }

        @Override
        public void abandonStart(InstanceId instance, long incarnation) {
            processes.abandonStart(instance, incarnation);
        }

        @Override
        public void adopt(InstanceId instance, long incarnation, ProcessIdentity process) {
            processes.adopt(instance, incarnation, process);
        }

        @Override
        public void signal(InstanceId instance, long incarnation, Signal signal) {
            processes.signal(instance, incarnation, signal);
        }
    }

    private final class NotingTimers implements Timers {
        @Override
        public void arm(TimerKey key, Instant deadline) {
            if (key instanceof TimerKey.OfInstance of && isBackoff(of)) {
                // Of the incarnation that follows.
                note(What.DEADLINE, of.instance(), of.incarnation() + 1, deadline, 0);
            }
            timers.arm(key, deadline);
        }

        @Override
        public void cancel(TimerKey key) {
            timers.cancel(key);
        }
    }

    private static final class NoPlans implements Plans {
        @Override
        public void read(IntentId intent) {
            throw new IllegalStateException("Cannot reload here");
        }

        @Override
        public void follow(Plan plan) {
            throw new IllegalStateException("Cannot follow another plan here");
        }
    }

    private static final class NoProbes implements Prober {
        @Override
        public void start(ServiceSpec spec, InstanceId instance, long incarnation) {
            throw new IllegalStateException("Cannot probe " + instance + " here");
        }

        @Override
        public void stop(InstanceId instance) {}
    }
}
