package io.respawn.process;

import io.respawn.core.Event.ProcessExited;
import io.respawn.linux.BootClock;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Pidfd;
import io.respawn.linux.Reactor;
import io.respawn.model.ExitStatus;
import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes over mains that outlived their sidecar. What cannot be held now, as no descriptor is left, runs on and is tried
 * again every second, since nobody would see its end otherwise. On the loop's thread.
 */
final class Adoptions implements AutoCloseable {

    static final String LATE = "adoption-late";

    private static final Logger LOG = System.getLogger(Adoptions.class.getName());
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final EventSink events;
    private final ChildOutput output;
    private final Statistics statistics;
    private final Set<Integer> ownPids;
    private final Consumer<Child> watch;
    private final Alarms<Adoption> late;
    private final Alarms<Adoption> unread;

    private final Set<ChildKey> waiting = new HashSet<>();

    /** What is to be taken over; {@code kept} is what it was held by before this image of the process. */
    record Adoption(Tags tags, ProcessIdentity process, Consumer<String> saysItIsUp, OptionalInt kept) {

        /** To be found in {@code /proc}. */
        Adoption(Tags tags, ProcessIdentity process, Consumer<String> saysItIsUp) {
            this(tags, process, saysItIsUp, OptionalInt.empty());
        }

        private Optional<Child> held() {
            return kept.isPresent()
                    ? Optional.of(Child.held(tags, process, Pidfd.inherited(process.pid(), kept.getAsInt())))
                    : Child.held(tags, process);
        }

        /** The descriptor is closed after a try that failed. */
        private Adoption again() {
            return new Adoption(tags, process, saysItIsUp);
        }
    }

    Adoptions(
            Reactor reactor,
            EventSink events,
            ChildOutput output,
            Statistics statistics,
            Set<Integer> ownPids,
            Consumer<Child> watch) {
        this.events = events;
        this.output = output;
        this.statistics = statistics;
        this.ownPids = ownPids;
        this.watch = watch;
        this.unread = new Alarms<>(reactor, this::attach);
        this.late = new Alarms<>(reactor, this::begin);
    }

    /** Takes one over. */
    void begin(Adoption adoption) {
        Tags tags = adoption.tags();
        ProcessIdentity process = adoption.process();
        waiting.remove(tags.key());
        // Before the look, so that no sweep takes its end for an orphan's.
        ownPids.add(process.pid());
        try {
            adopt(adoption);
        } catch (LinuxException scarce) {
            waiting.add(tags.key());
            late.set(adoption.again(), BootClock.nanos() + BETWEEN_TRIES.toNanos());
            statistics.fault(LATE);
            LOG.log(
                    Level.ERROR,
                    "Cannot watch the process " + process.pid() + " of " + tags.instance() + " yet: "
                            + scarce.getMessage() + scarce.errno().remedy()
                            + "; it runs on, and this is tried again every second");
        }
    }

    private void adopt(Adoption adoption) {
        Tags tags = adoption.tags();
        ProcessIdentity process = adoption.process();
        Optional<Child> held = adoption.held();
        if (held.isEmpty()) {
            ownPids.remove(process.pid());
            String why = process.startTicks() > 0
                    ? "it ended while no sidecar watched it"
                    : "no start time of it was recorded, so it was left alone";
            events.accept(new ProcessExited(tags.instance(), tags.incarnation(), new ExitStatus.Unknown(why), 0));
            return;
        }
        try {
            attach(adoption);
            watch.accept(held.get());
        } catch (RuntimeException | Error failed) {
            held.get().pidfd().close();
            throw failed;
        }
    }

    /** Whoever writes on into a pipe that nobody reads has to wait some day. */
    private void attach(Adoption adoption) {
        Tags tags = adoption.tags();
        if (!output.attach(tags.instance(), tags.incarnation(), adoption.saysItIsUp())) {
            unread.set(adoption, BootClock.nanos() + BETWEEN_TRIES.toNanos());
        }
    }

    /** Whether this one runs and is not held yet. */
    boolean isWaiting(ChildKey key) {
        return waiting.contains(key);
    }

    @Override
    public void close() {
        late.close();
        unread.close();
    }
}
