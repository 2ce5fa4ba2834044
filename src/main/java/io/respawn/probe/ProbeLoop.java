package io.respawn.probe;

import io.respawn.model.Probe;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Statistics;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again, one question at a time, as long as it is told to go on. Everything happens on one event loop, which
 * is why nothing here is locked.
 */
final class ProbeLoop {

    /** What to do when something of ours is short. */
    record Shortage(Statistics statistics, Consumer<Answer> unanswered) {}

    private final Vertx vertx;
    private final Probe probe;
    private final Attempt attempt;
    private final Predicate<Answer> judge;
    private final Shortage shortage;

    private boolean cancelled;
    private long timer;
    private long asks;
    private Attempt.@Nullable Asked asked;

    /**
     * Begins nothing yet.
     *
     * @param judge is told each answer, and says whether to ask again
     * @param shortage is told when it could not be asked, which is no answer; it is asked again after the period
     */
    ProbeLoop(Vertx vertx, Probe probe, Attempt attempt, Predicate<Answer> judge, Shortage shortage) {
        this.vertx = vertx;
        this.probe = probe;
        this.attempt = attempt;
        this.judge = judge;
        this.shortage = shortage;
    }

    void askAfter(Duration delay) {
        if (cancelled) {
            return;
        }
        // A timer of Vert.x is at least a millisecond.
        timer = Insistence.on(
                shortage.statistics(), () -> vertx.setTimer(Math.max(1, delay.toMillis()), ignored -> ask()));
    }

    private void ask() {
        long begun = System.nanoTime();
        long shortages = shortage.statistics().outOfMemoryCount();
        Attempt.Asked question;
        try {
            question = attempt.ask();
        } catch (RuntimeException | OutOfMemoryError notAsked) {
            shortage.unanswered().accept(Answer.none("Cannot ask " + attempt.target() + ": " + notAsked));
            askAfter(probe.period());
            return;
        }
        long ordinal = ++asks;
        asked = question;
        long millis = probe.timeout().toMillis();
        timer = vertx.setTimer(millis, ignored -> {
            String words = attempt.target() + " did not answer within " + millis + " ms";
            // While memory is short the answer may have been lost on its way, or the question.
            boolean lost = shortage.statistics().outOfMemoryCount() != shortages;
            // In this order: what the question says about being dropped is not the answer.
            conclude(ordinal, begun, lost ? Answer.none(words) : Answer.failure(words));
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
        if (answer.isNone()) {
            shortage.unanswered().accept(answer);
            askAfter(probe.period().minusNanos(System.nanoTime() - begun));
        } else if (judge.test(answer)) {
            askAfter(probe.period().minusNanos(System.nanoTime() - begun));
        }
    }

    void cancel() {
        cancelled = true;
        vertx.cancelTimer(timer);
        Attempt.Asked question = asked;
        asked = null;
        if (question != null) {
            question.abandon();
        }
    }
}
