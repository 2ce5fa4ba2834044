package io.respawn.probe;

import io.respawn.core.Event;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.ReadinessChanged;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.ProbeAnswer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way of one incarnation's probes to the loop. Reports pass under a lock, so that none gets through once
 * {@link #close()} has returned. Thread-safe.
 */
final class Gate {

    private final Subject subject;
    private final EventSink events;
    private final Map<ProbeAnswer.Kind, ProbeAnswer> answers = new EnumMap<>(ProbeAnswer.Kind.class);
    private boolean closed;
    private @Nullable Runnable closing;

    Gate(Subject subject, EventSink events) {
        this.subject = subject;
        this.events = events;
    }

    void readiness(boolean ready, String detail) {
        report(new ReadinessChanged(subject.instance(), subject.incarnation(), ready, detail));
    }

    void failed(ProbeFailed.Kind kind, String detail) {
        report(new ProbeFailed(subject.instance(), subject.incarnation(), kind, detail));
    }

    synchronized void answered(ProbeAnswer answer) {
        answers.put(answer.kind(), answer);
    }

    Subject subject() {
        return subject;
    }

    synchronized List<ProbeAnswer> answers() {
        return List.copyOf(answers.values());
    }

    private synchronized void report(Event event) {
        if (!closed) {
            events.accept(event);
        }
    }

    /** Has this run when the gate closes; at once if it is closed already. */
    void onClose(Runnable action) {
        synchronized (this) {
            if (!closed) {
                closing = action;
                return;
            }
        }
        action.run();
    }

    void close() {
        Runnable action;
        synchronized (this) {
            closed = true;
            action = closing;
            closing = null;
        }
        if (action != null) {
            action.run();
        }
    }
}
