package io.respawn.probe;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.linux.ProcFs;
import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.InstanceId;
import io.respawn.model.Probe;
import io.respawn.model.ServiceSpec;
import io.respawn.probe.HookRun.Deed;
import io.respawn.supervise.Attendants.Errand;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.HookRunner;
import io.vertx.core.Context;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Does what hooks say by what probes ask by: a command in a group of its own, a request, a connection. Those of one instance
 * go one after the other; nothing else waits for them. Told on the loop's thread; runs end on others.
 */
final class ServiceHooks implements HookRunner {

    private static final Logger LOG = System.getLogger(ServiceHooks.class.getName());

    private static final String NOT_NEEDED = "it was ended, since it is not needed any more";

    /** One run; each is done once, however often it is ordered. */
    private record Held(Key key, HookRun run) {}

    private record Key(InstanceId instance, long incarnation, HookPoint point) {}

    private final EventSink events;
    private final Commands commands;
    private final Function<InstanceId, CompletableFuture<Clients>> clients;

    /** What was begun last for an instance, also when it has ended: the news of that may be on its way. */
    private final Map<InstanceId, Held> last = new HashMap<>();

    /** When nothing is left of what was done for an instance. */
    private final Map<InstanceId, CompletableFuture<Void>> free = new HashMap<>();

    /** {@code clients} makes those by which requests go. */
    ServiceHooks(EventSink events, Commands commands, Function<InstanceId, CompletableFuture<Clients>> clients) {
        this.events = events;
        this.commands = commands;
        this.clients = clients;
    }

    @Override
    public void run(ServiceSpec spec, Effect.RunHook order) {
        Key key = new Key(order.instance(), order.incarnation(), order.point());
        Supplier<Deed> deeds = deeds(spec, order);
        Optional<HookRun> known = find(key);
        if (known.isPresent()) {
            known.get().retryBy(deeds);
            known.get().limit(order.limit());
            return;
        }
        HookRun run = new HookRun(deeds);
        CompletableFuture<Void> before = keep(key, run);
        run.limit(order.limit());
        CompletableFuture<Void> _ = before.thenRun(run::begin);
    }

    /** When it may begin. */
    private CompletableFuture<Void> keep(Key key, HookRun run) {
        CompletableFuture<Void> before = free.getOrDefault(key.instance(), CompletableFuture.completedFuture(null));
        last.put(key.instance(), new Held(key, run));
        free.put(key.instance(), CompletableFuture.allOf(before, run.end()));
        CompletableFuture<Void> _ = run.end()
                .thenAccept(answer -> ended(key, answer))
                .exceptionally(failure -> {
                    LOG.log(Level.ERROR, "Cannot tell how a hook ended", failure);
                    return null;
                });
        return before;
    }

    private void ended(Key key, Answer answer) {
        if (!answer.success() && !answer.detail().equals(NOT_NEEDED)) {
            LOG.log(
                    Level.WARNING,
                    "The {0} hook of {1} failed: {2}",
                    key.point().word(),
                    key.instance(),
                    answer.detail());
        }
        events.accept(
                new Event.HookEnded(key.instance(), key.incarnation(), key.point(), answer.success(), answer.detail()));
    }

    @Override
    public void cancel(Effect.CancelHook order) {
        find(new Key(order.instance(), order.incarnation(), order.point())).ifPresent(run -> run.cancel(NOT_NEEDED));
    }

    private Optional<HookRun> find(Key key) {
        return Optional.ofNullable(last.get(key.instance()))
                .filter(held -> held.key().equals(key))
                .map(Held::run);
    }

    private Supplier<Deed> deeds(ServiceSpec spec, Effect.RunHook order) {
        Probe.Check action = spec.hooks()
                .at(order.point())
                .orElseThrow(() -> new IllegalStateException(
                        "Cannot run a " + order.point().word() + " hook: " + spec.name() + " has none"))
                .action();
        SortedMap<String, String> variables = new TreeMap<>(order.variables());
        variables.put("RESPAWN_HELPER", "hook");
        return () -> switch (action) {
            case Probe.Exec exec -> {
                CommandRun command = commands.prepare(
                        new Errand(spec, order.instance(), order.incarnation(), exec.command(), variables));
                command.begin();
                yield Deed.of(command);
            }
            case Probe.HttpGet get -> asked(order.instance(), made -> new HttpAttempt(made.http(), get, order.limit()));
            case Probe.TcpSocket socket -> asked(order.instance(), made -> new TcpAttempt(made.net(), socket));
        };
    }

    private Deed asked(InstanceId instance, Function<Clients, Attempt> attempt) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<Void> dropped = new CompletableFuture<>();
        CompletableFuture<Void> _ = clients.apply(instance)
                .thenAccept(made -> {
                    Context context = made.vertx().getOrCreateContext();
                    context.runOnContext(ignored -> {
                        Attempt.Asked question = attempt.apply(made).ask();
                        question.answer().onSuccess(answer::complete);
                        CompletableFuture<Void> _ =
                                dropped.thenRun(() -> context.runOnContext(end -> question.abandon()));
                    });
                })
                .exceptionally(failure -> {
                    answer.complete(Answer.failure("Cannot ask", failure));
                    return null;
                });
        return new Deed(
                answer,
                CompletableFuture.anyOf(answer, dropped).thenAccept(ignored -> {}),
                () -> dropped.complete(null),
                OptionalInt::empty);
    }

    /** The processes that are at it; what else is being done is done again. */
    List<KeptHook> kept() {
        return last.values().stream()
                .flatMap(held -> kept(held.key(), held.run()).stream())
                .toList();
    }

    private static Optional<KeptHook> kept(Key key, HookRun run) {
        OptionalInt pid = run.pid();
        return pid.isEmpty()
                ? Optional.empty()
                : ProcFs.stat(pid.getAsInt())
                        .map(stat -> new KeptHook(
                                key.instance(), key.incarnation(), key.point(), stat.pid(), stat.startTicks()));
    }

    /** Holds what an earlier image of this program had begun, before any sweep for orphans; the order for it follows. */
    void goOn(ServiceSpec spec, KeptHook from) {
        if (spec.hooks().at(from.point()).map(Hook::action).orElse(null) instanceof Probe.Exec exec) {
            Key key = new Key(from.instance(), from.incarnation(), from.point());
            Errand errand = new Errand(spec, from.instance(), from.incarnation(), exec.command());
            commands.inherit(errand, from.pid(), from.startTicks()).ifPresent(process -> {
                CompletableFuture<Void> _ = keep(key, HookRun.goingOn(Deed.of(process)));
            });
        }
    }
}
