package io.respawn.probe;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.HookRunner;
import io.respawn.supervise.ProbeAnswer;
import io.respawn.supervise.Prober;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.StopCommands;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Probes services by the clients of Vert.x and by commands.
 *
 * <p>Supervision begins before the framework and does not depend on it, so this does not use the framework's Vert.x: the
 * first probe makes one of its own, off the loop, since that takes longer than the loop may wait. Without probes there is
 * none. It belongs to the prober and is closed with it.
 */
public final class ServiceProber implements Prober, AutoCloseable {

    private static final Logger LOG = System.getLogger(ServiceProber.class.getName());

    /** A probe that could not be asked, for want of something of ours. */
    static final String UNANSWERED = "probe-unanswered";

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);

    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS.toNanos());
    private final EventSink events;
    private final Statistics statistics;
    private final Commands commands;
    private final ServiceHooks hooks;
    private final Optional<NotifySocket> socket;
    private final Supplier<Vertx> vertx;
    private final Map<InstanceId, Gate> gates = new ConcurrentHashMap<>();
    private @Nullable CompletableFuture<Clients> clients;
    private boolean closed;

    /** Uses a Vert.x of the smallest size, and no notify socket. */
    public ServiceProber(EventSink events, Attendants attendants, Statistics statistics) {
        this(events, attendants, statistics, Clients::smallVertx);
    }

    /** Uses a Vert.x of the smallest size; {@code socket} hears the signs of life. */
    public ServiceProber(EventSink events, Attendants attendants, Statistics statistics, NotifySocket socket) {
        this(events, attendants, statistics, Optional.of(socket), Clients::smallVertx);
    }

    /**
     * Uses another Vert.x, and no notify socket.
     *
     * @param vertx asked once at most, not on the loop; what it gives is closed with the prober
     */
    public ServiceProber(EventSink events, Attendants attendants, Statistics statistics, Supplier<Vertx> vertx) {
        this(events, attendants, statistics, Optional.empty(), vertx);
    }

    private ServiceProber(
            EventSink events,
            Attendants attendants,
            Statistics statistics,
            Optional<NotifySocket> socket,
            Supplier<Vertx> vertx) {
        this.socket = socket;
        this.events = events;
        this.statistics = statistics;
        this.commands = new Commands(attendants, statistics);
        this.hooks = new ServiceHooks(events, commands, this::usable);
        this.vertx = vertx;
    }

    /** For the commands that ask services to end; they end with the prober. */
    public StopCommands stopCommands() {
        return new ServiceStopCommands(events, commands);
    }

    /** For hooks; they end with the prober. */
    public HookRunner hooks() {
        return hooks;
    }

    /** The hooks that are under way as processes. */
    public List<KeptHook> keptHooks() {
        return hooks.kept();
    }

    /** Holds the process of a hook that an earlier image of the sidecar began; before the loop runs. */
    public void goOn(ServiceSpec spec, KeptHook from) {
        hooks.goOn(spec, from);
    }

    @Override
    public void start(ServiceSpec spec, InstanceId instance, long incarnation) {
        start(new Subject(spec, instance, incarnation), Optional.empty());
    }

    @Override
    public void startReady(ServiceSpec spec, InstanceId instance, long incarnation) {
        start(new Subject(spec, instance, incarnation), Optional.of(Probing.Before.READY));
    }

    /** Goes on asking a process that an earlier image of the sidecar asked; {@code ready} is what that knew. */
    public void goOn(ServiceSpec spec, KeptProbing from, boolean ready) {
        start(
                new Subject(spec, from.instance(), from.incarnation()),
                Optional.of(new Probing.Before(ready, from.answers())));
    }

    /** Who is asked. */
    public List<KeptProbing> kept() {
        return gates.entrySet().stream()
                .map(each -> new KeptProbing(
                        each.getKey(),
                        each.getValue().subject().incarnation(),
                        each.getValue().answers()))
                .toList();
    }

    private void start(Subject subject, Optional<Probing.Before> before) {
        ServiceSpec spec = subject.spec();
        InstanceId instance = subject.instance();
        Gate gate = new Gate(subject, events);
        before.ifPresent(known -> known.answers().forEach(gate::answered));
        Optional<CompletableFuture<Clients>> ready =
                spec.probes().isEmpty() ? Optional.empty() : Optional.of(clients(instance));
        Gate previous = gates.put(instance, gate);
        if (previous != null) {
            close(instance, previous);
        }
        spec.start().watchdog().ifPresent(silence -> socket.ifPresent(ear -> ear.watch(subject, silence, gate)));
        ready.ifPresent(made -> begin(made, subject, gate, before));
    }

    private void begin(CompletableFuture<Clients> ready, Subject subject, Gate gate, Optional<Probing.Before> before) {
        CompletableFuture<Void> _ = ready.thenAccept(
                        made -> new Probing(made, commands, subject, gate, this::unanswered, before).begin())
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        cannotProbe(subject, gate, failure);
                        later(subject, gate, before);
                    }
                });
    }

    /** Counted each time, and said no more than once in a while: what is lacking is lacking for all probes. */
    private void unanswered(Answer answer) {
        statistics.fault(UNANSWERED);
        long now = System.nanoTime();
        long last = toldNanos.get();
        if (now - last > BETWEEN_WARNINGS.toNanos() && toldNanos.compareAndSet(last, now)) {
            LOG.log(Level.WARNING, "Cannot probe at the moment, which counts for no service: {0}", answer.detail());
        }
    }

    /** Who is ready without being asked stays so. */
    private static void cannotProbe(Subject subject, Gate gate, Throwable failure) {
        String words = "Cannot probe " + subject.instance() + ": " + Answer.reason(failure);
        LOG.log(Level.ERROR, words, failure);
        if (!subject.spec().probes().isReadyAtOnce()) {
            gate.readiness(false, words);
        }
    }

    @Override
    public void stop(InstanceId instance) {
        Gate gate = gates.remove(instance);
        if (gate != null) {
            close(instance, gate);
        }
    }

    @Override
    public Map<InstanceId, List<ProbeAnswer>> answers() {
        Map<InstanceId, List<ProbeAnswer>> answers = new HashMap<>();
        gates.forEach((instance, gate) -> answers.put(instance, gate.answers()));
        return answers;
    }

    private void close(InstanceId instance, Gate gate) {
        gate.close();
        socket.ifPresent(ear -> ear.unwatch(instance, gate));
    }

    /** What could not be made may be possible in a moment, such as when there are descriptors again. */
    private void later(Subject subject, Gate gate, Optional<Probing.Before> before) {
        CompletableFuture<Void> _ = CompletableFuture.runAsync(
                () -> again(subject, gate, before),
                CompletableFuture.delayedExecutor(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void again(Subject subject, Gate gate, Optional<Probing.Before> before) {
        CompletableFuture<Clients> next;
        synchronized (this) {
            if (closed) {
                return;
            }
            next = usable(subject.instance());
        }
        // A gate that was closed meanwhile has the probing end as soon as it begins.
        begin(next, subject, gate, before);
    }

    /** Stops all probes; nothing is reported afterwards. */
    @Override
    public void close() {
        end(commands::close);
    }

    /** Ends, but not the commands that run: somebody else in this process goes on. */
    public void leave() {
        end(commands::leave);
    }

    private void end(Runnable commandsEnd) {
        CompletableFuture<Clients> made;
        synchronized (this) {
            closed = true;
            made = clients;
        }
        gates.keySet().forEach(this::stop);
        commandsEnd.run();
        if (made != null) {
            CompletableFuture<Void> _ =
                    made.thenCompose(each -> each.vertx().close().toCompletionStage());
        }
    }

    /** Made anew if they could not be made; another instance may have had that done meanwhile. */
    private synchronized CompletableFuture<Clients> usable(InstanceId instance) {
        if (clients != null && clients.isCompletedExceptionally()) {
            clients = null;
        }
        return clients(instance);
    }

    private synchronized CompletableFuture<Clients> clients(InstanceId instance) {
        if (closed) {
            throw new IllegalStateException("Cannot probe " + instance + ": the prober is closed");
        }
        CompletableFuture<Clients> made = clients;
        if (made == null) {
            made = CompletableFuture.supplyAsync(
                    () -> Clients.of(vertx.get()),
                    task -> Thread.ofPlatform()
                            .daemon()
                            .name("respawn-probe-start")
                            .start(task));
            clients = made;
        }
        return made;
    }
}
