package io.respawn.core;

import io.respawn.core.Event.Found;
import io.respawn.core.Event.Noted;
import io.respawn.core.InstanceState.BackingOff;
import io.respawn.core.InstanceState.Completed;
import io.respawn.core.InstanceState.Killing;
import io.respawn.core.InstanceState.Live;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.ExitStatus;
import io.respawn.model.HookPoint;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings one recorded instance together with its process, or with the fact that there is none. */
final class Adoption {

    /** How an order ends of whose process nobody can tell; part of what the records say. */
    static final String MAY_HAVE_RUN =
            "the sidecar died as it started this; whether it ran, and how it ended, is unknown";

    private final Turn turn;

    Adoption(Turn turn) {
        this.turn = turn;
    }

    /** A main process is alive: supervise it again, in the state it was in, with the same deadlines. */
    void adopt(Instance recorded, Found alive) {
        Instance known = identified(recorded, alive);
        Instant since = recorded.state() instanceof Live live ? live.startedAt() : turn.now();
        turn.perform(new Effect.Adopt(known.id(), known.incarnation(), alive.process()));
        switch (recorded.state()) {
            case Terminating under -> {
                Terminating again =
                        new Terminating(alive.process(), since, under.deadline(), under.step(), under.cause());
                Instance asked = known.in(again);
                if (recorded.hooks().isUnderWay()) {
                    Instant end = new StopSteps(turn).endOf(known, again);
                    asked = new Hooking(turn).begun(asked, HookPoint.PRE_STOP, end);
                }
                turn.put(asked);
                // Whether the step was taken before the crash is not known; a second time does no harm.
                new Stopping(turn).take(asked, again);
            }
            case Killing under -> {
                turn.put(known.in(new Killing(alive.process(), since, under.deadline(), under.cause())));
                turn.perform(new Effect.SendSignal(known.id(), known.incarnation(), Signal.KILL));
                turn.arm(known.id(), Purpose.KILL, known.incarnation(), under.deadline());
            }
            case Starting starting -> {
                Instance running = new Hooking(turn)
                        .expecting(known.in(new Running(alive.process(), since, isAwaited(known, !starting.heard()))));
                turn.put(running);
                turn.announceInstance(
                        "started", running, "pid " + alive.process().pid() + ", adopted");
                new Charges(turn).started(running);
                if (starting.abort()) {
                    new Stopping(turn).terminate(running, InstanceState.StopCause.ORDERED);
                } else {
                    probeAgain(running, true);
                }
            }
            case Running recently -> {
                Instance running = known.in(new Running(alive.process(), since, isAwaited(known, recently.awaited())));
                running = recorded.hooks().isUnderWay() ? new Hooking(turn).expecting(running) : running;
                turn.put(running);
                probeAgain(running, true);
            }
            case InstanceState.Ready ready -> keepReady(known, alive, ready);
            case InstanceState.Stopped ignored -> putRunning(known, alive, since);
            case InstanceState.Waiting ignored -> putRunning(known, alive, since);
            case BackingOff ignored -> putRunning(known, alive, since);
            case InstanceState.Exhausted ignored -> putRunning(known, alive, since);
            case Completed ignored -> putRunning(known, alive, since);
        }
    }

    /** Whether its word is still awaited; a service that is declared otherwise by now is asked as it is declared. */
    private boolean isAwaited(Instance known, boolean recorded) {
        return recorded
                && turn.state()
                        .spec(known.id())
                        .filter(spec -> spec.start().isAnnounced())
                        .isPresent();
    }

    private static Instance identified(Instance recorded, Found alive) {
        Optional<io.respawn.model.IntentId> intent = alive.incarnation() > recorded.incarnation()
                ? alive.intent()
                : recorded.intent().or(alive::intent);
        Instance seen = recorded.atLeast(alive.incarnation());
        return new Instance(
                seen.id(),
                seen.incarnation(),
                intent,
                seen.state(),
                seen.attempt(),
                seen.restarts(),
                seen.lastExit(),
                seen.floor(),
                seen.recentEnds(),
                seen.hooks().idle());
    }

    /** Its own probe decides anew; without one nothing has changed. */
    private void keepReady(Instance known, Found alive, InstanceState.Ready ready) {
        boolean probed = turn.state()
                .spec(known.id())
                .filter(spec -> !spec.probes().isReadyAtOnce())
                .isPresent();
        if (probed) {
            Instance running = known.in(new Running(alive.process(), ready.startedAt()));
            turn.put(running);
            probeAgain(running, false);
        } else {
            turn.put(known.in(new InstanceState.Ready(alive.process(), ready.startedAt(), ready.readyAt())));
            if (turn.state().spec(known.id()).filter(ServiceSpec::isLookedAfter).isPresent()) {
                turn.perform(new Effect.StartProbe(known.id(), known.incarnation()));
            }
        }
    }

    /** It runs though nobody remembers its start: whatever it had to say, it said it then. */
    private void putRunning(Instance known, Found alive, Instant since) {
        Instance running = known.in(new Running(alive.process(), since));
        turn.put(running);
        probeAgain(running, false);
    }

    private void probeAgain(Instance running, boolean limited) {
        if (turn.state().spec(running.id()).isPresent()) {
            new Lifecycle(turn).awaitReadiness(running, limited);
        }
    }

    /** No process is alive: what was recorded ends or goes on without one. */
    void missing(Instance before, @Nullable Noted note, boolean sameHost) {
        Instance recorded = new Hooking(turn).recovered(before, sameHost);
        String why = sameHost ? "it ended while no sidecar was running" : "it ran on another boot or host";
        ExitStatus unknown = new ExitStatus.Unknown(why);
        switch (recorded.state()) {
            case Live ignored -> new Lifecycle(turn).exited(recorded, unknown, 0, sameHost);
            case Starting starting
            when note != null && note.incarnation() == recorded.incarnation() -> {
                // Executed, exit unknown.
                note.process()
                        .ifPresentOrElse(
                                process -> ranUnseen(recorded, starting, process, unknown),
                                () -> mayHaveRun(recorded, starting));
            }
            case Starting starting -> neverSpawned(recorded, starting);
            case BackingOff backingOff ->
                turn.arm(recorded.id(), Purpose.BACKOFF, recorded.incarnation(), backingOff.deadline());
            case Completed ignored when !sameHost -> turn.put(recorded.in(new InstanceState.Stopped()));
            case Completed ignored -> {}
            case InstanceState.Stopped ignored -> {}
            case InstanceState.Waiting ignored -> {}
            case InstanceState.Exhausted exhausted ->
                exhausted.retryAt().ifPresent(at -> turn.arm(recorded.id(), Purpose.RETRY, recorded.incarnation(), at));
        }
    }

    /** It was spawned, and it is gone. */
    private void ranUnseen(Instance recorded, Starting starting, ProcessIdentity process, ExitStatus unknown) {
        Instance ran = recorded.in(new Running(process, starting.since()));
        turn.put(ran);
        turn.announceInstance("started", ran, "pid " + process.pid());
        new Charges(turn).started(ran);
        new Lifecycle(turn).exited(ran, unknown, 0);
    }

    /** The sidecar died as it started what was ordered, and nothing is there: a second time might be one too many. */
    private void mayHaveRun(Instance recorded, Starting starting) {
        Instance ended = new Hooking(turn)
                .afterEnd(recorded.ended(new ExitStatus.Unknown(MAY_HAVE_RUN), turn.now(), 0), "exited");
        turn.put(ended);
        turn.announceEnd("exited", ended, MAY_HAVE_RUN);
        new Charges(turn).unknown(ended, MAY_HAVE_RUN);
        if (starting.abort()) {
            new Stopping(turn).afterOrderedEnd(ended);
        } else {
            new Lifecycle(turn).applyPolicy(ended, starting.since());
        }
    }

    /** The sidecar died between the record and the spawn; the incarnation stays used. */
    private void neverSpawned(Instance before, Starting starting) {
        boolean hooked = before.hooks().isUnderWay();
        Instance recorded = before.with(before.hooks().idle());
        if (starting.abort()) {
            new Stopping(turn)
                    .afterOrderedEnd(hooked ? new Hooking(turn).afterEnd(recorded, Hooking.NOT_STARTED) : recorded);
        } else {
            turn.put(recorded.in(new InstanceState.Waiting(turn.now())));
        }
    }
}
