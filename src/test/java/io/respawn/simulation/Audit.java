package io.respawn.simulation;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Intent;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.Standing;
import io.respawn.core.State;
import io.respawn.model.Action;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Program;
import io.respawn.model.ServiceSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The invariants, looked at after every step, and the validations at the end. */
final class Audit {

    private static final Set<String> FINAL =
            Set.of("succeeded", "failed", "rejected", "expired", "coalesced", "cancelled");

    private final SimWorld world;
    private final Map<IntentId, String> outcomes = new HashMap<>();
    private final Set<String> eventIds = new HashSet<>();
    private final Set<IntentId> diedStarting = new HashSet<>();
    private final Map<String, Integer> coverage = new TreeMap<>();
    private long steps;

    Audit(SimWorld world) {
        this.world = world;
    }

    /** What the world was told; what was lost with a machine before it was committed was never said. */
    void committed(PublicEvent event) {
        boolean mayRepeat =
                world.forgot() || event.intent().filter(world::wasTakenOver).isPresent();
        require(eventIds.add(event.id()) || mayRepeat, "event id " + event.id() + " was used twice");
        String phase = phase(event);
        if (event.intent().isPresent() && event.type().contains(".intent.") && FINAL.contains(phase)) {
            String before = outcomes.put(event.intent().get(), phase);
            require(
                    before == null || world.wasTakenOver(event.intent().get()),
                    event.intent().get() + " ended as " + before + " and as " + phase);
        }
    }

    /** Another owner of the state said how it ended. */
    void endedElsewhere(IntentId intent) {
        world.takenOver(intent);
        outcomes.putIfAbsent(intent, "succeeded");
    }

    private static String phase(PublicEvent event) {
        String[] parts = event.type().split("\\.", -1);
        return parts[3];
    }

    void spawned(Effect.Spawn spawn) {
        spawn.intent().ifPresent(id -> {
            Intent intent = world.sidecar().state().intents().get(id);
            boolean topic = intent != null && intent.origin() == Intent.Origin.TOPIC;
            require(!topic || world.kafka().hasStarted(id), id + " was carried out before its start was committed");
        });
    }

    /** The sidecar died between its note that it begins a start and the process. */
    void diedStarting(IntentId intent) {
        diedStarting.add(intent);
    }

    void stepped(SimSidecar sidecar, Event event) {
        steps++;
        State state = sidecar.state();
        State replay = world.journal().replay();
        require(
                state.services().equals(replay.services()) && state.intents().equals(replay.intents()),
                "replay differs from live after " + event);
        if (state.standing().phase() == Standing.Phase.NEW) {
            // What the records say was not yet compared with what runs.
            return;
        }
        world.hooks().check(state, event);
        for (Service service : state.services().values()) {
            for (Instance instance : service.instances()) {
                coverage.merge(
                        event.getClass().getSimpleName() + " x "
                                + instance.state().word(),
                        1,
                        Integer::sum);
                require(!instance.isReady() || mayBeReady(instance, state), instance + " is ready without its word");
                instance.state()
                        .identity()
                        .filter(main -> !sidecar.isToHearOfAnother(instance.id()))
                        .ifPresent(main -> requireMain(instance, main, event));
                if (instance.isDown()) {
                    world.kernel().living(instance.id()).ifPresent(process -> {
                        throw new AssertionError(
                                instance + " is down, but " + process.identity() + " lives; after " + event);
                    });
                }
            }
        }
    }

    /** The main on record is the one that runs, and no earlier one. */
    private void requireMain(Instance instance, ProcessIdentity main, Event event) {
        world.kernel()
                .living(instance.id())
                .map(SimKernel.SimProcess::identity)
                .ifPresent(living -> require(
                        living.equals(main),
                        instance + " has " + main + " for its main, not " + living + "; after " + event));
    }

    /** Whoever says himself that he is up has said it; one that nobody remembers is taken to have. */
    private boolean mayBeReady(Instance instance, State state) {
        return state.plan()
                        .service(instance.id().service())
                        .filter(spec -> spec.start().isAnnounced())
                        .isEmpty()
                || world.voices().cameUp(instance.id(), instance.incarnation())
                || world.forgot();
    }

    /** Whoever runs, runs what the plan in force says, and nobody else does. */
    private void requirePlan(State state) {
        require(
                state.plan().services().keySet().equals(state.services().keySet()),
                "declared are " + state.plan().services().keySet() + ", known are "
                        + state.services().keySet());
        for (Service service : state.services().values()) {
            ServiceSpec spec = state.plan().service(service.name()).orElseThrow();
            for (Instance instance : service.instances()) {
                require(
                        instance.isDown() || instance.id().index() < service.wanted(spec),
                        instance + " runs, and is not declared");
                boolean running = instance.state() instanceof InstanceState.Ready;
                Optional<Program> program = world.configuration().program(instance.id(), instance.incarnation());
                require(
                        !running || world.forgot() || program.equals(Optional.of(spec.program())),
                        instance + " runs " + program + ", declared is " + spec.program());
            }
        }
    }

    /** After a calm while: everything ordered has ended, exactly as often as it was carried out. */
    void atTheEnd(List<IntentId> sent) {
        State state = world.sidecar().state();
        requirePlan(state);
        for (IntentId id : sent) {
            if (!outcomes.containsKey(id) && waitsForADependency(state, id)) {
                continue;
            }
            Intent intent = state.intents().get(id);
            boolean ended = outcomes.containsKey(id) || (world.forgot() && intent != null && !intent.isOpen());
            require(ended, id + " has no outcome: " + intent);
            if (intent == null || intent.command().action() != Action.RESTART) {
                continue;
            }
            long done = results(intent, Intent.Outcome.SUCCEEDED);
            long open = results(intent, Intent.Outcome.FAILED)
                    + intent.targets().stream()
                            .filter(target -> target.result().isEmpty())
                            .count();
            long starts = world.kernel().starts(id);
            require(
                    world.wasTakenOver(id) || (starts >= done - untold(intent) && starts <= done + open),
                    id + " was started " + starts + " times: " + intent.phase());
        }
    }

    /** Of how many of its starts nobody can tell whether they came about. */
    private long untold(Intent intent) {
        return !diedStarting.contains(intent.id())
                ? 0
                : intent.targets().stream()
                        .flatMap(target -> target.result().stream())
                        .filter(result -> result.detail().endsWith("is unknown"))
                        .count();
    }

    private static long results(Intent intent, Intent.Outcome outcome) {
        return intent.targets().stream()
                .flatMap(target -> target.result().stream())
                .filter(result -> result.outcome() == outcome)
                .count();
    }

    /** An order to a service whose dependency stays down is not over; neither is what queues behind it. */
    private static boolean waitsForADependency(State state, IntentId id) {
        Intent intent = state.intents().get(id);
        return intent != null
                && intent.command()
                        .service()
                        .map(name -> state.services().get(name))
                        .filter(service -> service.any(i -> i.state() instanceof InstanceState.Waiting))
                        .isPresent();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }

    long steps() {
        return steps;
    }

    Map<String, Integer> coverage() {
        return coverage;
    }
}
