package io.respawn.supervise;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Machine;
import io.respawn.core.Stamp;
import io.respawn.core.State;
import io.respawn.core.Step;
import io.respawn.model.Command;
import io.respawn.supervise.Arrival.Passed;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The way of a group of events through decide, append and act: each is decided on in turn, all that was decided is appended
 * by one write, and only then any of it is acted upon (ADR 15). Owned by the loop.
 */
final class Passage {

    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    private final Machine machine;
    private final State state;
    private final Clock clock;
    private final Archive archive;
    private final Effects effects;
    private final Receipts receipts;
    private final Statistics statistics;
    private @Nullable Stamp stamp;

    Passage(
            Machine machine,
            State state,
            Clock clock,
            Archive archive,
            Effects effects,
            Receipts receipts,
            Statistics statistics) {
        this.machine = machine;
        this.state = state;
        this.clock = clock;
        this.archive = archive;
        this.effects = effects;
        this.receipts = receipts;
        this.statistics = statistics;
    }

    /** Takes all out of the group; if memory gives out, what is left in it goes on from where it was at the next call. */
    void take(Queue<Arrival> group) {
        stamp = null;
        try {
            group.forEach(this::decide);
        } finally {
            // What was decided before memory gave out does not wait for the rest.
            archive.append(group);
            for (Arrival next = group.peek(); next != null && !next.isBefore(Passed.JOURNAL); next = group.peek()) {
                act(next);
                group.remove();
            }
        }
    }

    private void decide(Arrival arrival) {
        if (!arrival.isBefore(Passed.DECISION)) {
            return;
        }
        long begin = System.nanoTime();
        guarded(arrival.event(), () -> arrival.decided(step(arrival.event())));
        arrival.pass(Passed.DECISION);
        try {
            statistics.loopLag().add(Duration.ofNanos(begin - arrival.nanos()));
            statistics.steps().add(Duration.ofNanos(System.nanoTime() - begin));
        } catch (OutOfMemoryError unmeasured) {
            statistics.outOfMemory();
        }
    }

    /** A command that nobody can decide on is refused: otherwise the next one's position would pass it in silence. */
    private Step step(Event event) {
        try {
            return machine.step(state, stamp(), event);
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (RuntimeException | Error broken) {
            if (event instanceof Event.PlanRead read) {
                statistics.fault("step-failed");
                LOG.log(System.Logger.Level.ERROR, "Cannot apply the plan that was read; the old one stays", broken);
                return machine.step(
                        state,
                        stamp(),
                        new Event.PlanRefused(
                                read.intent(), List.of("a defect: " + broken + "; see the sidecar's log")));
            }
            if (!(event instanceof Event.CommandReceived received)
                    || received.position().isEmpty()) {
                throw broken;
            }
            statistics.fault("step-failed");
            LOG.log(System.Logger.Level.ERROR, "Cannot handle " + event, broken);
            Command command = received.command();
            return machine.step(
                    state,
                    stamp(),
                    new Event.CommandRefused(
                            command.id(),
                            command.source(),
                            "Cannot carry this out, because of a defect: " + broken
                                    + "; see the sidecar's log, and order it again with another id",
                            command.requestedBy(),
                            received.position().get()));
        }
    }

    /** What is learnt in one turn of the loop is learnt at one time: so what is due later comes back as one group, too. */
    private Stamp stamp() {
        Stamp known = stamp;
        if (known == null) {
            known = clock.stamp();
            stamp = known;
        }
        return known;
    }

    private void act(Arrival arrival) {
        Step step = arrival.step();
        if (step != null) {
            step.batch().ifPresent(batch -> archive.tell(arrival, batch));
            if (arrival.isBefore(Passed.ACKNOWLEDGEMENT)
                    && arrival.event() instanceof Event.BatchesCommitted committed) {
                archive.acknowledged(committed.seq());
            }
            arrival.pass(Passed.ACKNOWLEDGEMENT);
            perform(arrival, step.effects());
            guarded(arrival.event(), () -> receipts.after(arrival.event()));
        }
        // Whoever waits is answered in any case.
        arrival.then().ifPresent(then -> guarded(arrival.event(), () -> then.passed(arrival.batch())));
    }

    private void perform(Arrival arrival, List<Effect> due) {
        while (arrival.performed() < due.size()) {
            Effect effect = due.get(arrival.performed());
            // Each for itself: what follows one that fails is as necessary as before.
            guarded(effect, () -> effects.perform(effect));
            arrival.performedOne();
        }
    }

    /** One event that cannot be handled must not end the supervision of all services; for memory it waits. */
    private void guarded(Object about, Runnable work) {
        try {
            work.run();
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (RuntimeException | Error broken) {
            statistics.fault("step-failed");
            LOG.log(System.Logger.Level.ERROR, "Cannot handle " + about, broken);
        }
    }
}
