package io.respawn.core;

import io.respawn.core.InstanceState.BackingOff;
import io.respawn.core.InstanceState.Completed;
import io.respawn.core.InstanceState.Exhausted;
import io.respawn.core.InstanceState.Live;
import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.InstanceState.Waiting;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.ExitStatus;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.RestartLimit;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The upward half of an instance's life: waiting, starting, becoming ready, ending on its own, coming back. */
final class Lifecycle {

    private final Turn turn;
    private final Charges charges;

    Lifecycle(Turn turn) {
        this.turn = turn;
        this.charges = new Charges(turn);
    }

    /** It should run: from any state without a process to Waiting, and on if nothing is in the way. */
    void orderUp(Instance instance) {
        if (!instance.isDown()) {
            return;
        }
        if (instance.state() instanceof Waiting) {
            proceed(instance);
            return;
        }
        turn.cancel(instance.id(), Purpose.BACKOFF, instance.incarnation());
        turn.cancel(instance.id(), Purpose.RETRY, instance.incarnation());
        Instance waiting = instance.in(new Waiting(turn.now()));
        turn.put(waiting);
        proceed(waiting);
    }

    /** Has a waiting instance looked at; it is spawned in this step if neither a dependency nor the budget is in the way. */
    void proceed(Instance instance) {
        if (instance.state() instanceof Waiting && turn.state().wantsUp(instance.id())) {
            turn.releaseQueued();
        }
    }

    void spawned(Instance instance, ProcessIdentity process) {
        if (!(instance.state() instanceof Starting starting)) {
            return;
        }
        Instance running = new Hooking(turn)
                .expecting(instance.in(new Running(process, turn.now(), isAwaited(instance, starting))));
        turn.put(running);
        turn.announceInstance("started", running, "pid " + process.pid());
        charges.started(running);
        if (starting.abort() || !turn.state().wantsUp(instance.id())) {
            new Stopping(turn)
                    .terminate(running, turn.state().standing().isStopping() ? StopCause.SHUTDOWN : StopCause.ORDERED);
            return;
        }
        awaitReadiness(running, true);
    }

    private boolean isAwaited(Instance instance, Starting starting) {
        return !starting.heard()
                && turn.state()
                        .spec(instance.id())
                        .filter(spec -> spec.start().isAnnounced())
                        .isPresent();
    }

    /** Begins to watch for readiness; who neither is asked nor has to say so is ready. */
    void awaitReadiness(Instance running, boolean limited) {
        ServiceSpec spec = turn.state().spec(running.id()).orElseThrow();
        boolean awaited = running.state() instanceof Running known && known.awaited();
        boolean atOnce = spec.probes().isReadyAtOnce() && !running.hooks().isUnderWay();
        if (limited && (awaited || !atOnce)) {
            Instant deadline = new SelfReport(turn).startDeadline(running, spec);
            turn.arm(running.id(), Purpose.START_TIMEOUT, running.incarnation(), deadline);
        }
        if (!awaited) {
            lookAfter(running);
        }
    }

    /** It has come up: after its post-start hook its probes begin, and without one that says when, it is ready. */
    void lookAfter(Instance running) {
        new Hooking(turn).cameUp(running).ifPresent(this::probe);
    }

    private void probe(Instance running) {
        ServiceSpec spec = turn.state().spec(running.id()).orElseThrow();
        if (spec.isLookedAfter()) {
            turn.perform(new Effect.StartProbe(running.id(), running.incarnation()));
        }
        if (spec.probes().isReadyAtOnce()) {
            ready(running);
        }
    }

    void ready(Instance instance) {
        if (!(instance.state() instanceof Running running)
                || running.awaited()
                || instance.hooks().isUnderWay()) {
            return;
        }
        new SelfReport(turn).started(instance);
        turn.cancel(instance.id(), Purpose.START_TIMEOUT, instance.incarnation());
        Instance ready = instance.in(new Ready(running.process(), running.startedAt(), turn.now()));
        turn.put(ready);
        turn.announceInstance("ready", ready, "");
        charges.ready(ready);
    }

    void unready(Instance instance, String detail) {
        if (instance.state() instanceof Ready ready) {
            Instance running = instance.in(new Running(ready.process(), ready.startedAt()));
            turn.put(running);
            turn.announceInstance("unready", running, detail);
        }
    }

    /** There was never a process; the incarnation is used up all the same. */
    void spawnFailed(Instance instance, String reason) {
        if (!(instance.state() instanceof Starting starting)) {
            return;
        }
        Instance ended = new Hooking(turn)
                .afterEnd(instance.ended(new ExitStatus.Unknown(reason), turn.now(), 0), Hooking.NOT_STARTED);
        turn.put(ended);
        turn.announceEnd("exited", ended, reason);
        charges.failed(ended, reason);
        if (starting.abort()) {
            new Stopping(turn).afterOrderedEnd(ended);
        } else {
            applyPolicy(ended, turn.now());
        }
    }

    /** The main process ended; what comes next depends on who wanted it. */
    void exited(Instance instance, ExitStatus status, int leftovers) {
        exited(instance, status, leftovers, true);
    }

    /** The same; {@code here} is whether it was on this host, as what follows an end is done there. */
    void exited(Instance instance, ExitStatus status, int leftovers, boolean here) {
        if (!(instance.state() instanceof Live live)) {
            return;
        }
        Instance known = instance.ended(status, turn.now(), leftovers);
        Instance ended = here
                ? new Hooking(turn).afterEnd(known, Hooking.reason(live))
                : known.with(known.hooks().idle());
        turn.perform(new Effect.StopProbe(instance.id()));
        String left = leftovers == 0 ? "" : leftovers + " leftover processes of its group were killed";
        switch (live) {
            case InstanceState.Terminating under -> endedAsAsked(ended, live, Purpose.GRACE, under.cause(), left);
            case InstanceState.Killing under -> endedAsAsked(ended, live, Purpose.KILL, under.cause(), left);
            case Running running -> endedOnItsOwn(ended, running.startedAt(), left);
            case Ready ready -> endedOnItsOwn(ended, ready.startedAt(), left);
        }
    }

    private void endedAsAsked(Instance ended, Live live, Purpose timer, StopCause cause, String left) {
        turn.cancel(ended.id(), timer, ended.incarnation());
        turn.put(ended);
        turn.announceEnd("exited", ended, left);
        new Stopping(turn).afterStop(ended, cause, live.startedAt());
    }

    private void endedOnItsOwn(Instance ended, Instant startedAt, String left) {
        turn.cancel(ended.id(), Purpose.START_TIMEOUT, ended.incarnation());
        turn.put(ended);
        turn.announceEnd("exited", ended, left);
        charges.failed(ended, "ended before it was ready: " + words(ended));
        applyPolicy(ended, startedAt);
    }

    /** What the restart policy says about an end that nobody ordered. */
    void applyPolicy(Instance ended, Instant startedAt) {
        applyPolicy(ended, startedAt, false);
    }

    /** The same, also about an end that was brought about because it was not well. */
    void applyPolicy(Instance ended, Instant startedAt, boolean unwell) {
        if (!turn.state().wantsUp(ended.id())) {
            new Stopping(turn).becomeStopped(ended);
            return;
        }
        ServiceSpec spec = turn.state().spec(ended.id()).orElseThrow();
        ExitStatus status = ended.lastExit().orElseThrow().status();
        switch (spec.restart().verdict(status, unwell)) {
            case RESTART -> restart(ended, startedAt, spec);
            case SUCCESS -> complete(ended, status, true, spec);
            case STOP -> complete(ended, status, false, spec);
            case GIVE_UP -> giveUp(ended, "a rule says so after " + words(ended), Optional.empty(), spec);
        }
    }

    private void complete(Instance ended, ExitStatus status, boolean successful, ServiceSpec spec) {
        Instance completed = ended.in(new Completed(status, successful));
        turn.put(completed);
        turn.announceEnd("completed", completed, successful ? "" : "not restarted: its policy says so");
        endSidecarIfSaid(completed, spec);
    }

    private void giveUp(Instance ended, String reason, Optional<Instant> retryAt, ServiceSpec spec) {
        Instance exhausted = ended.in(new Exhausted(turn.now(), reason, retryAt));
        turn.put(exhausted);
        String next = retryAt.map(at -> "; tried again at " + at).orElse("; reset or start it to try again");
        turn.announceEnd("exhausted", exhausted, reason + next);
        retryAt.ifPresent(at -> turn.arm(ended.id(), Purpose.RETRY, ended.incarnation(), at));
        if (retryAt.isEmpty()) {
            endSidecarIfSaid(exhausted, spec);
        }
    }

    void endSidecarIfSaid(Instance over, ServiceSpec spec) {
        if (spec.role().endsSidecar()) {
            new Shutdown(turn).becauseOf(over);
        }
    }

    private void restart(Instance ended, Instant startedAt, ServiceSpec spec) {
        RestartPolicy policy = spec.restart();
        Instance counted = policy.limit()
                .map(limit -> ended.counting(turn.now(), turn.now().minus(limit.interval())))
                .orElse(ended);
        Optional<RestartLimit> reached =
                policy.limit().filter(limit -> counted.recentEnds().size() > limit.count());
        if (reached.isPresent()) {
            String reason = counted.recentEnds().size() + " ends within "
                    + reached.get().interval().toSeconds() + " s, the last by " + words(counted);
            giveUp(counted, reason, reached.get().retryAfter().map(turn.now()::plus), spec);
            return;
        }
        backOff(counted, startedAt, policy);
        if (policy.scope() == RestartPolicy.Scope.DEPENDENTS) {
            restartDependents(ended.id().service());
        }
    }

    private void backOff(Instance ended, Instant startedAt, RestartPolicy policy) {
        Duration ran = Duration.between(startedAt, turn.now());
        int attempt = ran.compareTo(policy.backoff().resetAfter()) >= 0 ? 0 : ended.attempt();
        long entropy = turn.entropy(ended.id().hashCode());
        Duration delay = BackoffRule.delay(policy.backoff(), attempt, entropy);
        Instant deadline = turn.now().plus(delay);
        Instance backingOff = ended.withAttempt(attempt + 1).in(new BackingOff(deadline, words(ended)));
        turn.put(backingOff);
        turn.announceEnd("backing-off", backingOff, "restart " + (attempt + 1) + " in " + delay.toMillis() + " ms");
        if (delay.isZero()) {
            orderUp(backingOff);
        } else {
            turn.arm(ended.id(), Purpose.BACKOFF, ended.incarnation(), deadline);
        }
    }

    /** They end now and come back when what they depend on is as they need it. */
    private void restartDependents(ServiceName name) {
        for (ServiceName dependent : Dependencies.dependentsOf(turn.state(), name)) {
            turn.state()
                    .service(dependent)
                    .map(Service::instances)
                    .orElse(List.of())
                    .forEach(listed -> turn.state()
                            .instance(listed.id())
                            .filter(instance -> !instance.isDown())
                            .ifPresent(instance -> new Stopping(turn).terminate(instance, StopCause.ORDERED)));
        }
    }

    private static String words(Instance ended) {
        return ended.lastExit().map(exit -> exit.status().words()).orElse("never ran");
    }

    void backoffEnded(Instance instance) {
        if (instance.state() instanceof BackingOff) {
            orderUp(instance);
        }
    }

    void retryDue(Instance instance) {
        if (instance.state() instanceof Exhausted) {
            orderUp(instance.calm());
        }
    }
}
