package io.respawn.supervise;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.Step;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way through decide, append, act and answer, with how far it has come: where memory gives out, the way goes
 * on later from there, so that nothing is left out. Owned by the loop once it has arrived.
 */
final class Arrival {

    /** The parts of the way that are behind it. */
    enum Passed {
        NOTHING,
        DECISION,
        JOURNAL,
        OFFER,
        ACKNOWLEDGEMENT
    }

    /** Whoever waits for the end of the way. */
    interface Then {
        /** What was decided is done, if it could be decided and changed anything durable. */
        void passed(Optional<Batch> decided);
    }

    private final Event event;
    private final Optional<Then> then;
    private final long nanos = System.nanoTime();
    private Passed passed = Passed.NOTHING;
    private @Nullable Step step;
    private int announced;
    private int performed;

    /** {@code then} is told at the end, whatever happens. */
    Arrival(Event event, Optional<Then> then) {
        this.event = event;
        this.then = then;
    }

    Event event() {
        return event;
    }

    Optional<Then> then() {
        return then;
    }

    /** When it came, in {@link System#nanoTime}. */
    long nanos() {
        return nanos;
    }

    boolean isBefore(Passed part) {
        return passed.compareTo(part) < 0;
    }

    void pass(Passed part) {
        passed = part;
    }

    void decided(Step decided) {
        step = decided;
        passed = Passed.DECISION;
    }

    /** What was decided; nothing if there is a defect. */
    @Nullable
    Step step() {
        return step;
    }

    /** What of that is durable. */
    Optional<Batch> batch() {
        Step decided = step;
        return decided == null ? Optional.empty() : decided.batch();
    }

    /** The next of so many public events to tell, -1 after the last; each is told once at most. */
    int nextToAnnounce(int count) {
        return announced < count ? announced++ : -1;
    }

    /** The effect that is due. */
    int performed() {
        return performed;
    }

    void performedOne() {
        performed++;
    }
}
