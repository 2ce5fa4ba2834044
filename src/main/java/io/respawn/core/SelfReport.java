package io.respawn.core;

import io.respawn.core.InstanceState.Live;
import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Takes what a process says about itself: that it is up or not for now, what it does, how long it still needs. */
final class SelfReport {

    /** However often more time is asked for, it is this much more than the configuration gives at most. */
    static final Duration LONGEST_EXTENSION = Duration.ofHours(1);

    private final Turn turn;

    SelfReport(Turn turn) {
        this.turn = turn;
    }

    void heard(Instance instance, Event.Said said) {
        switch (said) {
            case Event.CameUp ignored -> cameUp(instance);
            case Event.Withdrew withdrew -> withdrew(instance, withdrew.detail());
            case Event.StatusTold told -> statusTold(instance, told.text());
            case Event.HandedOver to -> handedOver(instance, to.process());
            case Event.LineMatched line -> turn.announceInstance("line-matched", instance, line.detail());
            case Event.TimeoutExtended more -> extended(instance, more.by());
        }
    }

    private void cameUp(Instance instance) {
        if (instance.state() instanceof Starting starting && isAnnounced(instance)) {
            turn.put(instance.in(new Starting(starting.since(), starting.abort(), true)));
        } else if (instance.state() instanceof Running running && running.awaited()) {
            Instance up = instance.in(new Running(running.process(), running.startedAt()));
            turn.put(up);
            new Lifecycle(turn).lookAfter(up);
        }
    }

    /** What probes said before does not count any more: they are asked anew when it is up again. */
    private void withdrew(Instance instance, String detail) {
        if (!notifies(instance)) {
            return;
        }
        if (instance.state() instanceof Starting starting && starting.heard()) {
            turn.put(instance.in(new Starting(starting.since(), starting.abort())));
        } else if (instance.state() instanceof Running running && !running.awaited()) {
            turn.put(instance.in(new Running(running.process(), running.startedAt(), true)));
        } else if (instance.state() instanceof Ready ready) {
            Instance withdrawn = instance.in(new Running(ready.process(), ready.startedAt(), true));
            turn.put(withdrawn);
            turn.announceInstance("unready", withdrawn, detail);
        }
    }

    private boolean isAnnounced(Instance instance) {
        return turn.state()
                .spec(instance.id())
                .filter(spec -> spec.start().isAnnounced())
                .isPresent();
    }

    private boolean notifies(Instance instance) {
        return turn.state()
                .spec(instance.id())
                .filter(spec -> spec.start().notifies())
                .isPresent();
    }

    private void statusTold(Instance instance, String text) {
        if (!instance.isDown()) {
            Told told = turn.standing().told(instance);
            turn.standing().tell(instance, told.saying(text));
        }
    }

    /** Neither a start nor an end of the instance: nothing is counted, and all deadlines stay. */
    private void handedOver(Instance instance, ProcessIdentity main) {
        if (instance.state() instanceof Live live && !live.process().equals(main)) {
            Instance next = instance.in(live.with(main));
            turn.put(next);
            turn.announceInstance("handed-over", next, "pid " + live.process().pid() + " to pid " + main.pid());
        }
    }

    /** When it has to be ready; kept for services that may ask for more time. */
    Instant startDeadline(Instance running, ServiceSpec spec) {
        Instant deadline = turn.now().plus(spec.start().timeout());
        if (!spec.start().notifies()) {
            return deadline;
        }
        Told told = turn.standing().told(running);
        Instant asked =
                told.startDeadline().filter(wanted -> wanted.isAfter(deadline)).orElse(deadline);
        turn.standing().tell(running, told.toBeReadyBy(Optional.of(asked)));
        return asked;
    }

    /** It is ready: no time to start runs any more, and none can be asked for. */
    void started(Instance ready) {
        Told told = turn.standing().told(ready);
        if (told.startDeadline().isPresent()) {
            turn.standing().tell(ready, told.toBeReadyBy(Optional.empty()));
        }
    }

    private void extended(Instance instance, Duration by) {
        Optional<Instant> limit = turn.standing().told(instance).startDeadline();
        if (instance.state() instanceof Starting starting && notifies(instance)) {
            moreToStart(instance, starting.since(), by);
        } else if (instance.state() instanceof Running running && limit.isPresent()) {
            Instant later = moreToStart(instance, running.startedAt(), by);
            if (later.isAfter(limit.get())) {
                turn.arm(instance.id(), Purpose.START_TIMEOUT, instance.incarnation(), later);
            }
        } else if (instance.state() instanceof Terminating terminating && notifies(instance)) {
            moreToStop(instance, terminating, by);
        }
    }

    /** Never less than before; the new deadline. */
    private Instant moreToStart(Instance instance, Instant since, Duration by) {
        Told told = turn.standing().told(instance);
        Duration timeout =
                turn.state().spec(instance.id()).orElseThrow().start().timeout();
        Instant longest = since.plus(timeout).plus(LONGEST_EXTENSION);
        Instant before = told.startDeadline().orElse(since);
        Instant deadline = latest(before, earliest(after(by), longest));
        turn.standing().tell(instance, told.toBeReadyBy(Optional.of(deadline)));
        return deadline;
    }

    private void moreToStop(Instance instance, Terminating terminating, Duration by) {
        Told told = turn.standing().told(instance);
        Instant longest = told.longestStop().orElse(terminating.deadline().plus(LONGEST_EXTENSION));
        // The steps that follow keep their time: only this one gets more.
        Duration rest = StopSteps.policy(turn.state(), instance).waitsAfter(terminating.step());
        Instant deadline = earliest(after(by).plus(rest), longest);
        if (!deadline.isAfter(terminating.deadline())) {
            return;
        }
        turn.standing().tell(instance, told.toBeGoneBy(longest));
        turn.put(instance.in(new Terminating(
                terminating.process(), terminating.startedAt(), deadline, terminating.step(), terminating.cause())));
        turn.arm(instance.id(), Purpose.GRACE, instance.incarnation(), deadline.minus(rest));
    }

    /** Whoever asks for a thousand years gets the longest there is. */
    private Instant after(Duration by) {
        return turn.now().plus(by.compareTo(LONGEST_EXTENSION) > 0 ? LONGEST_EXTENSION : by);
    }

    private static Instant earliest(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
