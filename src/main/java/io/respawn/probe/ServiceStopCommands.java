package io.respawn.probe;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.StopCommands;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs stop commands as the commands of probes are run: in a group of their own, ended in time, and reaped. */
final class ServiceStopCommands implements StopCommands {

    private static final Logger LOG = System.getLogger(ServiceStopCommands.class.getName());

    private final EventSink events;
    private final Commands commands;

    ServiceStopCommands(EventSink events, Commands commands) {
        this.events = events;
        this.commands = commands;
    }

    @Override
    public void run(ServiceSpec spec, Effect.RunStopCommand order) {
        Subject subject = new Subject(spec, order.instance(), order.incarnation());
        CommandRun run = commands.prepare(subject, order.command());
        CompletableFuture<Void> _ = run.answer()
                .thenAccept(answer -> judge(order, answer))
                .exceptionally(failure -> {
                    LOG.log(Level.ERROR, "Cannot tell how a stop command ended", failure);
                    return null;
                });
        CompletableFuture.delayedExecutor(order.limit().toNanos(), TimeUnit.NANOSECONDS)
                .execute(run::cancel);
        run.begin();
    }

    private void judge(Effect.RunStopCommand order, Answer answer) {
        if (answer.success()) {
            return;
        }
        LOG.log(Level.WARNING, "The stop command of {0} failed: {1}", order.instance(), answer.detail());
        events.accept(
                new Event.StopCommandFailed(order.instance(), order.incarnation(), order.step(), answer.detail()));
    }
}
