package io.respawn.app;

import io.respawn.core.Event;
import io.respawn.linux.Reactor;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.process.ShutdownOnExit;
import io.respawn.process.SignalHandling;
import io.respawn.supervise.EventSink;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** How the sidecar is told to leave: by blocked signals where they are ours, else when the JVM ends. */
final class Signals implements AutoCloseable {

    private final Optional<SignalHandling> handling;
    private final Optional<ShutdownOnExit> hook;

    private Signals(Optional<SignalHandling> handling, Optional<ShutdownOnExit> hook) {
        this.handling = handling;
        this.hook = hook;
    }

    static Signals install(Reactor reactor, EventSink events, Duration longest) {
        if (SignalHandling.possible()) {
            return new Signals(
                    Optional.of(new SignalHandling(
                            reactor,
                            events,
                            () -> order(events, Action.RELOAD, "SIGHUP"),
                            () -> order(events, Action.RESPAWN, "SIGUSR1"))),
                    Optional.empty());
        }
        return new Signals(Optional.empty(), Optional.of(new ShutdownOnExit(events, longest).install()));
    }

    /** An order like any other, so that it is seen what became of it. */
    private static void order(EventSink events, Action action, String signal) {
        Command command = Command.of(new IntentId("signal-" + UUID.randomUUID()), "signal", action, Optional.empty())
                .because(signal, "");
        events.accept(new Event.CommandReceived(command, Optional.empty()));
    }

    /** Everything has stopped: nobody need wait any longer. */
    void left() {
        hook.ifPresent(ShutdownOnExit::left);
    }

    /** The services stay, for a core that follows in the same JVM; false if the JVM is ending, and they must not. */
    boolean detach() {
        return hook.map(ShutdownOnExit::uninstall).orElse(true);
    }

    @Override
    public void close() {
        handling.ifPresent(SignalHandling::close);
    }
}
