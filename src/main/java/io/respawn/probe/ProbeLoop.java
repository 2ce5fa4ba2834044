package io.respawn.probe;

import io.respawn.model.Probe;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again, one question at a time, and reports when the conclusion changes. Everything but
 * {@link #begin()} happens on one event loop, which is why nothing here is locked.
 */
final class ProbeLoop {

    private final Vertx vertx;
    private final Probe probe;
    private final Attempt attempt;
    private final Gate gate;

    private Streak streak = Streak.NEW;
    private boolean cancelled;
    private long timer;
    private long asks;
    private Attempt.@Nullable Asked asked;

    ProbeLoop(Clients clients, Probe probe, Gate gate) {
        this.vertx = clients.vertx();
        this.probe = probe;
        this.attempt = Attempt.of(probe.check(), probe.timeout(), clients);
        this.gate = gate;
    }

    void begin() {
        Context context = vertx.getOrCreateContext();
        gate.onClose(() -> context.runOnContext(ignored -> cancel()));
        context.runOnContext(ignored -> askAfter(probe.initialDelay()));
    }

    private void askAfter(Duration delay) {
        if (cancelled) {
            return;
        }
        // A timer of Vert.x is at least a millisecond.
        timer = vertx.setTimer(Math.max(1, delay.toMillis()), ignored -> ask());
    }

    private void ask() {
        long begun = System.nanoTime();
        Attempt.Asked question = attempt.ask();
        long ordinal = ++asks;
        asked = question;
        long millis = probe.timeout().toMillis();
        timer = vertx.setTimer(millis, ignored -> {
            // In this order: what the question says about being dropped is not the answer.
            conclude(ordinal, begun, Answer.failure(attempt.target() + " did not answer within " + millis + " ms"));
            question.abandon();
        });
        question.answer().onSuccess(answer -> conclude(ordinal, begun, answer));
    }

    /** The first of answer and timeout counts, the other comes too late. */
    private void conclude(long ordinal, long begun, Answer answer) {
        if (asked == null || ordinal != asks) {
            return;
        }
        asked = null;
        vertx.cancelTimer(timer);
        boolean before = streak.ready();
        streak = streak.after(answer.success(), probe);
        if (streak.ready() != before) {
            gate.report(streak.ready(), answer.detail());
        }
        askAfter(probe.period().minusNanos(System.nanoTime() - begun));
    }

    private void cancel() {
        cancelled = true;
        vertx.cancelTimer(timer);
        Attempt.Asked question = asked;
        asked = null;
        if (question != null) {
            question.abandon();
        }
    }
}
