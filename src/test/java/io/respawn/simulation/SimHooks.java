package io.respawn.simulation;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.HookState;
import io.respawn.core.Instance;
import io.respawn.core.Service;
import io.respawn.core.State;
import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.Hooks;
import io.respawn.model.InstanceId;
import io.respawn.model.Probe;
import io.respawn.model.ServiceSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What is done at the turns of processes: most goes well, some fails, some hangs until it is ended. It ends with its sidecar,
 * and nobody hears of it then.
 */
final class SimHooks {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private record Key(InstanceId instance, long incarnation, HookPoint point) {}

    private record Life(InstanceId instance, long incarnation) {}

    /** One run; those of an instance go one after the other. */
    private static final class Run {
        private final Key key;
        private final SimSidecar sidecar;
        private final Duration limit;
        private boolean over;

        Run(Key key, SimSidecar sidecar, Duration limit) {
            this.key = key;
            this.sidecar = sidecar;
            this.limit = limit;
        }
    }

    private final SimWorld world;
    private final RandomGenerator random;
    private final Map<InstanceId, Deque<Run>> runs = new HashMap<>();
    private final Set<Key> passed = new HashSet<>();
    private final Set<Key> begun = new HashSet<>();
    private final Set<Key> told = new HashSet<>();
    private final Set<Life> lives = new HashSet<>();
    private final Set<Life> undeclared = new HashSet<>();

    SimHooks(SimWorld world) {
        this.world = world;
        this.random = world.random();
    }

    /** Those of a service; the same through all edits, so that it can be told what had to be done. */
    static Hooks of(int service) {
        Hook hook = new Hook(new Probe.Exec(List.of("/bin/hook")), TIMEOUT);
        Optional<Hook> some = Optional.of(hook);
        Optional<Hook> none = Optional.empty();
        return switch (service) {
            case 0 -> Hooks.DEFAULT;
            case 1 -> new Hooks(Optional.of(new Hooks.PreStart(hook, false)), Optional.empty(), none, some);
            case 2 ->
                new Hooks(
                        Optional.of(new Hooks.PreStart(hook, true)),
                        Optional.of(new Hooks.PostStart(hook, false)),
                        some,
                        none);
            case 3 -> new Hooks(Optional.empty(), Optional.of(new Hooks.PostStart(hook, true)), some, some);
            default ->
                new Hooks(
                        Optional.of(new Hooks.PreStart(hook, false)),
                        Optional.of(new Hooks.PostStart(hook, true)),
                        some,
                        some);
        };
    }

    void run(SimSidecar sidecar, Effect.RunHook order) {
        Key key = new Key(order.instance(), order.incarnation(), order.point());
        Deque<Run> queue = runs.computeIfAbsent(key.instance(), first -> new ArrayDeque<>());
        if (!told.add(key)) {
            // It is being done, or that it has ended is on its way.
            return;
        }
        queue.add(new Run(key, sidecar, order.limit()));
        if (queue.size() == 1) {
            begin(queue.getFirst());
        }
    }

    private void begin(Run run) {
        Key key = run.key;
        begun.add(key);
        boolean alone = key.point() == HookPoint.PRE_START || key.point() == HookPoint.POST_STOP;
        require(
                !alone || world.kernel().living(key.instance()).isEmpty(),
                "the " + key.point() + " hook of " + key.instance() + " begins beside its process");
        int limit = Math.toIntExact(Math.max(1, run.limit.toMillis()));
        int dice = world.isCalm() ? 0 : random.nextInt(10);
        int millis = dice < 8 ? random.nextInt(Math.min(limit, 800)) : limit;
        world.time().in(Duration.ofMillis(millis), () -> end(run, dice < 6));
    }

    void cancel(Effect.CancelHook order) {
        Key key = new Key(order.instance(), order.incarnation(), order.point());
        runs.getOrDefault(key.instance(), new ArrayDeque<>()).stream()
                .filter(run -> run.key.equals(key))
                .forEach(run -> world.time().in(Duration.ofMillis(random.nextInt(30)), () -> end(run, false)));
    }

    private void end(Run run, boolean success) {
        if (run.over) {
            return;
        }
        run.over = true;
        Deque<Run> queue = runs.getOrDefault(run.key.instance(), new ArrayDeque<>());
        boolean first = queue.peekFirst() == run;
        queue.remove(run);
        if (success) {
            passed.add(run.key);
        }
        run.sidecar.feed(new Event.HookEnded(
                run.key.instance(),
                run.key.incarnation(),
                run.key.point(),
                success,
                success ? "exit code 0" : "exit code 1"));
        if (first && !queue.isEmpty() && !queue.getFirst().over) {
            begin(queue.getFirst());
        }
    }

    /** The sidecar is gone, and what it had begun with it. */
    void abandoned() {
        runs.values().forEach(queue -> queue.forEach(run -> run.over = true));
        runs.clear();
        told.clear();
    }

    void spawned(ServiceSpec spec, Effect.Spawn spawn) {
        lives.add(new Life(spawn.instance(), spawn.incarnation()));
        require(
                runs.getOrDefault(spawn.instance(), new ArrayDeque<>()).isEmpty(),
                spawn.instance() + " was started while a hook was under way");
        require(
                spec.hooks().preStart().isEmpty()
                        || passed.contains(new Key(spawn.instance(), spawn.incarnation(), HookPoint.PRE_START)),
                spawn.instance() + " was started though its pre-start hook had not passed");
    }

    /** Whoever has ended was, or is, cleaned up after; at least once. */
    void check(State state, Event event) {
        for (Service service : state.services().values()) {
            Optional<ServiceSpec> spec = state.plan().service(service.name());
            for (Instance instance : service.instances()) {
                Life life = new Life(instance.id(), instance.incarnation());
                boolean ended = instance.isDown()
                        && instance.lastExit()
                                .filter(exit -> exit.incarnation() == instance.incarnation())
                                .isPresent()
                        && lives.contains(life);
                if (ended && spec.isEmpty()) {
                    undeclared.add(life);
                }
                boolean due = ended
                        && !world.forgot()
                        && !undeclared.contains(life)
                        && spec.flatMap(each -> each.hooks().postStop()).isPresent();
                require(
                        !due
                                || isUnderWay(instance, HookPoint.POST_STOP)
                                || begun.contains(new Key(instance.id(), instance.incarnation(), HookPoint.POST_STOP)),
                        instance + " has ended without its post-stop hook, after " + event);
            }
        }
    }

    private static boolean isUnderWay(Instance instance, HookPoint point) {
        return instance.hooks()
                .underWay()
                .map(HookState.UnderWay::point)
                .filter(point::equals)
                .isPresent();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
