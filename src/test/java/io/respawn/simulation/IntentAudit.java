package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Intent;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.Standing;
import io.respawn.core.State;
import io.respawn.core.StateRecord;
import io.respawn.core.Step;
import io.respawn.core.TimerKey;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.simulation.SimBroker.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What must hold for orders: after every step, at every commit, and when everything has come to its end. */
final class IntentAudit {

    private static final Set<String> FINAL =
            Set.of("succeeded", "failed", "rejected", "expired", "coalesced", "cancelled");

    private record Line(IntentId intent, ServiceName service, int index) {}

    /** How a life stood before its present step. */
    private record View(
            int open, long bytes, Map<IntentId, Intent> intents, SortedMap<ServiceName, Service> services) {}

    private final IntentHistory history;
    private final Plan plan;
    private final Map<IntentId, String> outcomes = new HashMap<>();
    private final Set<String> eventIds = new HashSet<>();
    private final Set<IntentId> answered = new HashSet<>();
    private final Map<IntentId, Integer> accepted = new HashMap<>();
    /** Starts in the midst of which a sidecar died: whether there was a process it cannot tell. */
    private final Map<Line, Long> diedStarting = new HashMap<>();

    /** Given to two sidecars, to one of them without Kafka: that one cannot know that the other has the same order. */
    private final Set<IntentId> givenTwice = new HashSet<>();

    private final Map<IntentId, HostIdentity> takers = new HashMap<>();
    private final Set<IntentId> takenLocally = new HashSet<>();

    private final Map<Line, List<Long>> lines = new HashMap<>();
    private final Map<IntentSidecar, View> views = new HashMap<>();
    private final SimRates rates;
    private boolean rivalled;

    IntentAudit(IntentHistory history, Plan plan) {
        this.history = history;
        this.plan = plan;
        this.rates = new SimRates(plan);
    }

    /** Another sidecar has the same id from now on. */
    void rivalry() {
        rivalled = true;
    }

    boolean isRivalled() {
        return rivalled;
    }

    boolean hasOutcome(IntentId id) {
        return outcomes.containsKey(id);
    }

    /** A sidecar died between its note that it begins a start and the one that says which process that gave. */
    void diedStarting(Effect.Spawn spawn) {
        spawn.intent()
                .ifPresent(id -> diedStarting.put(
                        new Line(
                                id, spawn.instance().service(), spawn.instance().index()),
                        spawn.incarnation()));
    }

    void begun(IntentSidecar life) {
        State state = life.state();
        require(
                state.sameRecords(life.host().journal().replay()),
                "replay differs from what was live: " + state.describe());
        views.put(life, view(state));
    }

    private static View view(State state) {
        int open = 0;
        long bytes = 0;
        for (Intent intent : state.intents().values()) {
            if (intent.isOpen()) {
                open++;
                bytes += intent.command().size();
            }
        }
        return new View(open, bytes, Map.copyOf(state.intents()), new TreeMap<>(state.services()));
    }

    void stepped(IntentSidecar life, Event event, Step step) {
        State state = life.state();
        State replay = life.host().journal().replay();
        boolean same = step.batch().isPresent()
                ? state.sameRecords(replay)
                : state.services().equals(replay.services()) && state.intents().equals(replay.intents());
        require(same, "replay differs from live after " + event);
        View before = views.get(life);
        if (step.batch().isPresent()) {
            Batch batch = step.batch().get();
            for (PublicEvent news : batch.events()) {
                if (isOfIntent(news)) {
                    news.intent().map(state.intents()::get).ifPresent(intent -> told(life, before, news, intent));
                }
            }
            touched(life, before, event, batch);
            views.put(life, view(state));
        }
        for (Effect effect : step.effects()) {
            if (effect instanceof Effect.Spawn spawn && !rivalled) {
                rates.spawned(
                        spawn,
                        spawn.intent().map(state.intents()::get),
                        history.time().now());
            }
        }
        oneAtATime(state);
    }

    private void told(IntentSidecar life, View before, PublicEvent news, Intent intent) {
        String phase = phase(news);
        Command command = intent.command();
        if (phase.equals("accepted") || phase.equals("rejected")) {
            taken(life.host().identity(), intent);
        }
        if (phase.equals("accepted")) {
            accepted.putIfAbsent(intent.id(), accepted.size());
            boolean needsRoom = command.action() != Action.STOP
                    && command.action() != Action.PING
                    && command.action() != Action.CANCEL;
            require(!needsRoom || hasRoom(before, command), intent.id() + " was taken beyond the limit");
        } else if (phase.equals("rejected") && news.detail().contains("buffer-full")) {
            require(!hasRoom(before, command), intent.id() + " was refused though there was room");
        } else if (phase.equals("started") && command.action().needsService()) {
            require(
                    life.state().standing().kafka() != KafkaStatus.FENCED,
                    intent.id() + " was started by a sidecar that is fenced");
            if (!rivalled) {
                Instant now = history.time().now();
                Optional<Intent> overtaken =
                        Overtaking.by(intent, before.intents().values(), life.state(), accepted, now);
                require(overtaken.isEmpty(), intent.id() + " overtook " + overtaken.map(Intent::id));
                rates.started(intent, now);
            }
        }
    }

    private void taken(HostIdentity by, Intent intent) {
        HostIdentity first = takers.putIfAbsent(intent.id(), by);
        if (intent.origin() == Intent.Origin.LOCAL) {
            takenLocally.add(intent.id());
        }
        if (first != null && !first.equals(by) && takenLocally.contains(intent.id())) {
            givenTwice.add(intent.id());
        }
    }

    private boolean hasRoom(View before, Command command) {
        return before.open() < plan.intents().openCount()
                && before.bytes() + command.size() <= plan.intents().openBytes();
    }

    /** What runs is asked to end for an order only when that one's start is where it has to be. */
    private void touched(IntentSidecar life, View before, Event event, Batch batch) {
        boolean looksAround = event instanceof Event.SidecarStarted
                || event instanceof Event.StateRestored
                || (event instanceof Event.TimerFired fired && fired.key() instanceof TimerKey.RestoreWait);
        if (looksAround) {
            return;
        }
        for (StateRecord entry : batch.records()) {
            if (entry instanceof Service service && before.services().containsKey(service.name())) {
                List<Instance> old = before.services().get(service.name()).instances();
                for (int i = 0; i < Math.min(old.size(), service.instances().size()); i++) {
                    boolean ran = old.get(i).state() instanceof InstanceState.Running
                            || old.get(i).isReady();
                    boolean ends = service.instance(i).state() instanceof InstanceState.Terminating under
                            && under.cause() == InstanceState.StopCause.ORDERED;
                    require(
                            !(ran && ends) || isOrdered(life, before, service.name()),
                            service.instance(i).id() + " was touched before its start was committed");
                }
            }
        }
    }

    private boolean isOrdered(IntentSidecar life, View before, ServiceName service) {
        return before.intents().values().stream()
                .filter(intent -> intent.phase() instanceof Intent.Started)
                .filter(intent -> intent.command().service().equals(Optional.of(service)))
                .anyMatch(intent -> isDurable(life, intent));
    }

    private boolean isDurable(IntentSidecar life, Intent intent) {
        return intent.origin() == Intent.Origin.LOCAL
                ? life.host().journal().replay().intents().containsKey(intent.id())
                : history.broker().hasStarted(intent.id());
    }

    private static void oneAtATime(State state) {
        if (state.standing().phase() == Standing.Phase.NEW) {
            return;
        }
        Set<Optional<ServiceName>> under = new HashSet<>();
        for (Intent intent : state.intents().values()) {
            require(
                    !(intent.phase() instanceof Intent.Started)
                            || under.add(intent.command().service()),
                    intent.id() + " is carried out beside another one of its service");
        }
    }

    void spawned(IntentSidecar life, Effect.Spawn spawn) {
        spawn.intent().ifPresent(id -> {
            Intent intent = life.state().intents().get(id);
            require(intent != null && isDurable(life, intent), id + " was carried out before its start was committed");
            lines.computeIfAbsent(
                            new Line(
                                    id,
                                    spawn.instance().service(),
                                    spawn.instance().index()),
                            first -> new ArrayList<>())
                    .add(spawn.incarnation());
        });
    }

    private static boolean isOfIntent(PublicEvent event) {
        return event.type().startsWith("io.respawn.intent.");
    }

    /** An event is on the topic. */
    void published(PublicEvent event) {
        String phase = phase(event);
        boolean swallowed = history.sabotage() == Sabotage.SWALLOWED_OUTCOME && phase.equals("succeeded");
        if (swallowed) {
            return;
        }
        require(eventIds.add(event.id()) || rivalled, "event id " + event.id() + " was used twice");
        if (!isOfIntent(event)) {
            return;
        }
        IntentId id = event.intent().orElseThrow();
        answered.add(id);
        if (FINAL.contains(phase) && event.id().equals(id + "/" + phase)) {
            String old = outcomes.put(id, phase);
            require(old == null, id + " ended as " + old + " and as " + phase);
        }
    }

    private static String phase(PublicEvent event) {
        return event.type().split("\\.", -1)[3];
    }

    /** A transaction is about to take the place of what is there. */
    void committing(Optional<Ledger> before, Ledger after) {
        if (before.isPresent()) {
            Ledger there = before.get();
            require(after.epoch() >= there.epoch(), "a stale writer wrote " + after + " over " + there);
            require(
                    after.epoch() > there.epoch() || after.seq() >= there.seq(),
                    after + " was used twice, after " + there);
        }
    }

    void committed(Optional<Ledger> before, Ledger after) {
        for (String topic : history.broker().topics()) {
            String partition = topic + "-0";
            long from = before.map(ledger -> ledger.positions().getOrDefault(partition, 0L))
                    .orElse(0L);
            long to = after.positions().getOrDefault(partition, 0L);
            require(to >= from, "the position of " + partition + " went back from " + from + " to " + to);
            for (long offset = from; offset < to; offset++) {
                Sent sent = history.broker().read(topic, offset).orElseThrow();
                require(
                        !sent.ours() || answered.contains(sent.command().id()),
                        sent.command().id() + " was passed without an answer");
            }
        }
    }

    /** Everybody who ordered something knows what became of it, and it was done exactly as that says. */
    void atTheEnd(Set<IntentId> sent, IntentSidecar owner) {
        for (IntentId id : sent) {
            Intent known = owner.state().intents().get(id);
            require(outcomes.containsKey(id), id + " has no outcome: " + known);
        }
        State state = owner.state();
        Map<String, StateRecord> there = new HashMap<>();
        history.broker().records().forEach(entry -> there.put(entry.key(), entry));
        Map<String, StateRecord> here = new HashMap<>();
        state.services().values().forEach(entry -> here.put(entry.key(), entry));
        state.intents().values().forEach(entry -> here.put(entry.key(), entry));
        require(here.equals(there), "the replica differs: " + here + " and " + there);
        lines.forEach((line, incarnations) -> {
            boolean mayBeTwice = givenTwice.contains(line.intent());
            require(mayBeTwice || incarnations.size() <= 1, line + " was started twice: " + incarnations);
        });
        state.intents().values().stream()
                .filter(intent -> !givenTwice.contains(intent.id()))
                .forEach(this::asItSays);
    }

    private void asItSays(Intent intent) {
        if (!(intent.phase() instanceof Intent.Ended ended)) {
            throw new AssertionError(intent + " has no outcome");
        }
        require(
                ended.outcome().word().equals(outcomes.get(intent.id())),
                intent.id() + " is said to have " + outcomes.get(intent.id()) + ", and has " + ended);
        Set<Line> theirs = new HashSet<>();
        for (Intent.Target target : ended.targets()) {
            Line line = new Line(intent.id(), intent.command().service().orElseThrow(), target.index());
            theirs.add(line);
            boolean untold = diedStarting.getOrDefault(line, -1L) == target.after()
                    && target.result()
                            .filter(result -> result.detail().contains("is unknown"))
                            .isPresent();
            asItSays(intent, target, lines.getOrDefault(line, List.of()), untold);
        }
        // Of what another host took while it was away from Kafka, the outcome says that it may be carried out there.
        boolean mayBe = rivalled && ended.detail().startsWith("takeover: another host took this order");
        lines.keySet().stream()
                .filter(line -> line.intent().equals(intent.id()))
                .forEach(line -> require(mayBe || theirs.contains(line), line + " was started for nobody: " + intent));
    }

    private void asItSays(Intent intent, Intent.Target target, List<Long> started, boolean untold) {
        Action action = intent.command().action();
        Optional<Outcome> result = target.result().map(Intent.Result::outcome);
        boolean done = result.equals(Optional.of(Outcome.SUCCEEDED));
        if (done && (action == Action.RESTART || action == Action.START)) {
            require(
                    started.equals(List.of(target.after())) || (untold && started.isEmpty()),
                    intent.id() + " succeeded with " + target + ", started were " + started);
        }
        boolean mayHaveStarted = action == Action.RESTART || action == Action.START || action == Action.SCALE;
        boolean left = result.isPresent() && !done && result.get() != Outcome.FAILED;
        require(started.isEmpty() || (mayHaveStarted && !left), intent.id() + " was started, and says " + target);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
