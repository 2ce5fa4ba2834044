package io.respawn.supervise;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.State;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.time.Duration;

/** Has the effects of a step carried out, in order, each by the port it belongs to. */
final class Effects {

    /** How long leaving may wait for Kafka. */
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

    private final State state;
    private final Ports ports;
    private final Outbox outbox;
    private final EventSink sink;

    Effects(State state, Ports ports, Outbox outbox, EventSink sink) {
        this.state = state;
        this.ports = ports;
        this.outbox = outbox;
        this.sink = sink;
    }

    void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn spawn -> spawn(spawn);
            case Effect.AbandonStart start -> ports.processes().abandonStart(start.instance(), start.incarnation());
            case Effect.Adopt adopt -> ports.processes().adopt(adopt.instance(), adopt.incarnation(), adopt.process());
            case Effect.SendSignal send -> ports.processes().signal(send.instance(), send.incarnation(), send.signal());
            case Effect.RunStopCommand run -> runStopCommand(run);
            case Effect.RunHook run -> runHook(run);
            case Effect.CancelHook cancel -> ports.hooks().cancel(cancel);
            case Effect.StartProbe start -> startProbe(start);
            case Effect.ReadConfiguration read -> ports.plans().read(read.intent());
            case Effect.FollowPlan follow -> ports.plans().follow(follow.plan());
            case Effect.StopProbe stop -> ports.prober().stop(stop.instance());
            case Effect.ArmTimer arm -> ports.timers().arm(arm.key(), arm.deadline());
            case Effect.CancelTimer cancel -> ports.timers().cancel(cancel.key());
            case Effect.SyncJournal sync -> ports.journal().sync(sync.seq());
            case Effect.Flush ignored -> outbox.flush(FLUSH_LIMIT);
            case Effect.Respawn respawn -> ports.replacer().respawn(respawn.intent());
            case Effect.Leave leave -> ports.leave().accept(leave.exitCode());
        }
    }

    private void spawn(Effect.Spawn spawn) {
        try {
            ServiceSpec spec = spec(spawn.instance().service());
            ports.processes().spawn(spec, spawn.instance(), spawn.incarnation(), spawn.intent());
        } catch (RuntimeException failed) {
            // Without an answer the instance would be starting for ever.
            String reason = "Cannot order the start of " + spawn.instance() + ": " + failed;
            sink.accept(new Event.SpawnFailed(spawn.instance(), spawn.incarnation(), reason));
        }
    }

    private void runStopCommand(Effect.RunStopCommand run) {
        ServiceName service = run.instance().service();
        // Commands come from the configuration alone, so a service that left it has none.
        ports.stopCommands().run(spec(service), run);
    }

    private void runHook(Effect.RunHook run) {
        try {
            ports.hooks().run(spec(run.instance().service()), run);
        } catch (RuntimeException failed) {
            // Without an answer the instance would wait for ever.
            String reason = "Cannot run this hook of " + run.instance() + ": " + failed;
            sink.accept(new Event.HookEnded(run.instance(), run.incarnation(), run.point(), false, reason));
        }
    }

    private void startProbe(Effect.StartProbe start) {
        ServiceSpec spec = spec(start.instance().service());
        if (start.ready()) {
            ports.prober().startReady(spec, start.instance(), start.incarnation());
        } else {
            ports.prober().start(spec, start.instance(), start.incarnation());
        }
    }

    private ServiceSpec spec(ServiceName name) {
        return state.plan()
                .service(name)
                .orElseThrow(
                        () -> new IllegalStateException("Cannot act on service '" + name + "': it is not declared"));
    }
}
