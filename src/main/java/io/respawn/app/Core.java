package io.respawn.app;

import io.respawn.config.LoadRequest;
import io.respawn.config.LoadResult;
import io.respawn.config.Settings;
import io.respawn.core.Event;
import io.respawn.linux.LastWords;
import io.respawn.linux.Reserve;
import io.respawn.model.Plan;
import io.respawn.process.ChildOutput;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Members;
import io.respawn.supervise.Ports;
import io.respawn.supervise.Replica;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The sidecar without its framework: state, loop and children. One per life; it starts first and ends last. */
final class Core implements EventSink, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Core.class);
    private static final AtomicReference<Optional<Core>> CURRENT = new AtomicReference<>(Optional.empty());

    private static final Duration LAST_TURN = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final EarlyEvents early = new EarlyEvents();
    private final Parts parts;
    private final Signals signals;
    private final Statistics statistics = new Statistics();
    private final SelfReplacement replacement;
    private final PlanFile kept;
    private final Reconfiguration reconfiguration;
    private final Optional<Resumption> resumption;
    private final Optional<FrameworkWatch> framework;
    private final HeadStart headStart = new HeadStart();
    private final Departure departure;
    private final LastWords lastWords;
    private final Optional<Successor> successor;
    private final List<Runnable> ofFramework = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread loop;

    /**
     * Takes the state directory, restores the state, starts the loop and sets the services going.
     *
     * @throws CannotStartException when another sidecar holds the state directory
     */
    static Core start(LoadResult.Loaded loaded, LoadRequest request) {
        return begun(new Core(
                new InForce(loaded.plan(), loaded.settings(), loaded.frameworkProperties()),
                request,
                new SteadyClock(),
                early -> Memory.open(loaded.plan(), loaded.settings(), early),
                Optional.empty()));
    }

    /** Goes on where the image before this one left off. */
    static Core resume(Capsule capsule, LoadRequest request) {
        return begun(new Core(
                new InForce(capsule.plan(), capsule.settings(), capsule.frameworkProperties()),
                request,
                new SteadyClock(capsule.anchor()),
                early -> Memory.inherit(capsule, early),
                Optional.of(capsule)));
    }

    private static Core begun(Core core) {
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

    private Core(
            InForce inForce,
            LoadRequest request,
            SteadyClock clock,
            Function<EventSink, Memory> opening,
            Optional<Capsule> before) {
        departure = new Departure(inForce.settings().shutdownTimeout());
        Memory memory = opening.apply(early);
        Reserve.DESCRIPTORS.refill();
        lastWords = Shortage.watch(statistics);
        parts = Parts.of(inForce, memory, clock, statistics, this, this::members, new LoopFailures(statistics));
        replacement = new SelfReplacement(parts, this);
        kept = new PlanFile(memory.directory());
        reconfiguration = new Reconfiguration(request, parts, kept, this);
        signals = Signals.install(parts.reactor(), this, inForce.settings().shutdownTimeout());
        parts.supervisor()
                .start(
                        new Ports(
                                clock,
                                memory.journal(),
                                parts.processes(),
                                parts.prober(),
                                parts.prober().stopCommands(),
                                parts.prober().hooks(),
                                parts.timers(),
                                replacement,
                                reconfiguration,
                                this::leave),
                        memory.unacknowledged());
        parts.reactor().afterFailure(parts.supervisor()::goOn);
        loop = Thread.ofPlatform().name("respawn-loop").unstarted(parts.reactor()::run);
        resumption = before.map(capsule -> new Resumption(capsule, parts, this));
        resumption.ifPresent(Resumption::inherit);
        framework = before.filter(capsule -> !DevMode.isOn())
                .map(capsule -> new FrameworkWatch(capsule.failures(), parts.reactor(), replacement::tryAnother));
        successor = DevMode.isOn() ? Optional.of(new Successor(parts, this)) : Optional.empty();
    }

    private Members members() {
        return parts.processes().members();
    }

    private void begin() {
        parts.reactor().execute(() -> {
            try {
                resumption
                        .<Runnable>map(each -> each)
                        .orElseGet(() -> new FreshStart(parts, kept, this))
                        .run();
                // What the journal had to say meanwhile is newer than what was said of it there.
                early.handTo(this);
            } catch (RuntimeException | Error failed) {
                LOG.error("Cannot find out what runs, so nothing is started: the sidecar leaves", failed);
                departure.failed();
                leave(1);
            }
            // Behind the turn in which the first starts are ordered.
            parts.reactor().execute(headStart::ordered);
        });
        loop.start();
        successor.ifPresent(Successor::await);
    }

    /** Waits while first starts are under way, but not for long. */
    void letServicesGoFirst() {
        headStart.await(parts.processes());
    }

    /** From outside the loop it waits for memory, if there is none: whoever tells something cannot keep it. */
    @Override
    public void accept(Event event) {
        if (parts.reactor().inLoop()) {
            parts.supervisor().accept(event);
        } else {
            Insistence.on(statistics, () -> parts.supervisor().accept(event));
        }
    }

    Plan plan() {
        return parts.plan();
    }

    Settings settings() {
        return parts.settings();
    }

    /** The configuration as it is now. */
    Reconfiguration reconfiguration() {
        return reconfiguration;
    }

    Supervision supervision() {
        return parts.supervisor();
    }

    Statistics statistics() {
        return statistics;
    }

    ChildOutput output() {
        return parts.output();
    }

    Memory memory() {
        return parts.memory();
    }

    void attach(Replica replica) {
        parts.supervisor().attach(replica);
    }

    Departure departure() {
        return departure;
    }

    private void leave(int exitCode) {
        // Before the framework ends, and the log with it.
        parts.processes().endStrays();
        departure.left(exitCode);
        signals.left();
    }

    /** Looks after the framework of a new image; nobody does for a first one. */
    Optional<FrameworkWatch> framework() {
        return framework;
    }

    /** What the image before this one handed over, if there was one. */
    Optional<Capsule> inherited() {
        return resumption.map(Resumption::capsule);
    }

    /** Has this done when the framework is there no more, even if it never came up; harmless when it is done already. */
    void withFramework(Runnable end) {
        ofFramework.add(end);
    }

    /** The framework has ended, and supervision goes on: until another core asks for everything, or the JVM ends. */
    void goOnWithoutFramework() {
        ofFramework.forEach(Runnable::run);
        OwnClasses.load();
        departure.onLeft(code -> close());
    }

    /** Holds no child any more, since another core does; false if the JVM is ending. The loop's last turn. */
    boolean letGo() {
        if (!signals.detach()) {
            return false;
        }
        parts.processes().close(true);
        parts.timers().close();
        signals.close();
        return true;
    }

    /** Ends after {@link #letGo}; what the other core goes on with it has by other descriptors. */
    void leave() {
        ended.set(true);
        CURRENT.set(Optional.empty());
        awaitLoop();
        parts.sampler().close();
        parts.processes().handover().goOnStarting();
        parts.prober().leave();
        parts.socket().leave();
        parts.output().leave();
        parts.memory().close();
        lastWords.close();
        Reserve.DESCRIPTORS.release();
    }

    /** Lets go of everything in the order in which it depends on each other; children that still run are kept. */
    @Override
    public void close() {
        if (ended.getAndSet(true)) {
            return;
        }
        CURRENT.set(Optional.empty());
        // Each is a task of its own: one that fails must not keep the others, or us, waiting.
        parts.reactor().execute(() -> parts.processes().close(true));
        parts.reactor().execute(parts.timers()::close);
        parts.reactor().execute(signals::close);
        parts.reactor().execute(() -> successor.ifPresent(Successor::close));
        parts.reactor().execute(parts.reactor()::stop);
        awaitLoop();
        parts.sampler().close();
        parts.prober().close();
        parts.socket().close();
        parts.output().close();
        parts.memory().close();
        lastWords.close();
        LogRing.drain(LAST_WORDS);
    }

    /** Whatever the loop still does comes before the end of the journal: the next owner may begin right after it. */
    private void awaitLoop() {
        try {
            if (loop.join(LAST_TURN)) {
                parts.reactor().close();
            } else {
                LOG.errorf("Cannot wait longer than %d s for the loop: it is left behind", LAST_TURN.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
