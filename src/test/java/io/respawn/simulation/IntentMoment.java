package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.PublicEvent;
import io.respawn.core.State;
import io.respawn.core.StateRecord;
import io.respawn.core.Step;
import io.respawn.model.IntentId;
import io.respawn.model.WaitFor;
import io.respawn.simulation.IntentDeath.Point;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The steps of an order's life, as a crash can hit them. */
enum IntentMoment {
    READ("read, nothing written"),
    ACCEPTED_HERE("accepted, on this machine only"),
    ACCEPTED_THERE("accepted, committed"),
    WAITS_FOR_ITS_TIME("waits for its time"),
    WAITS_FOR_PERMITS("waits for permits"),
    WAITS_FOR_KAFKA("waits for Kafka"),
    QUEUES("queues behind another one"),
    RIDES("rides along with another one"),
    START_DECIDED("start decided, nothing written"),
    STARTED_HERE("started, on this machine only"),
    STARTED_LOCALLY("a local one started while Kafka is away"),
    STARTED_THERE("start committed, not heard of"),
    STOP_DUE("stop written, no signal sent"),
    STOP_REQUESTED("asked to end"),
    EXIT_UNSEEN("ended, not seen"),
    EXIT_SEEN("end seen and written, nothing done"),
    SPAWN_DUE("spawn written, no process"),
    SPAWN_BEGUN("begin of the start noted, no process"),
    SPAWNED("process there, not noted"),
    NOTED("process noted, not heard of"),
    WAITS_FOR_READY("waits until it is ready"),
    OUTCOME_DECIDED("outcome decided, nothing written"),
    OUTCOME_HERE("outcome on this machine only"),
    OUTCOME_THERE("outcome committed, not heard of"),
    REMEMBERED("over, its id remembered"),
    FORGETTING("being forgotten"),
    SUCCEEDED("outcome succeeded just written"),
    FAILED("outcome failed just written"),
    REJECTED("outcome rejected just written"),
    EXPIRED("outcome expired just written"),
    COALESCED("outcome coalesced just written"),
    CANCELLED("outcome cancelled just written"),
    REFUSED("another body under a known id refused"),
    REPEATED("the same order again");

    private final String words;

    IntentMoment(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Where the orders of a sidecar are when it dies. */
    static Set<IntentMoment> at(IntentDeath death, IntentHistory history) {
        EnumSet<IntentMoment> hit = EnumSet.noneOf(IntentMoment.class);
        death.step().ifPresent(step -> inStep(death, step, hit));
        if (death.point() != Point.DECIDED) {
            State state = death.sidecar().state();
            for (Intent intent : state.intents().values()) {
                switch (intent.phase()) {
                    case Intent.Pending ignored -> pending(intent, death, history, hit);
                    case Intent.Started started -> started(intent, started, death, history, hit);
                    case Intent.Ended ignored -> ended(intent, death, history, hit);
                }
            }
        }
        return hit;
    }

    private static void inStep(IntentDeath death, Step step, Set<IntentMoment> hit) {
        boolean decided = death.point() == Point.DECIDED;
        Event event = death.event().orElseThrow();
        if (event instanceof Event.CommandReceived && decided) {
            hit.add(READ);
        }
        if (event instanceof Event.CommandReceived
                && step.batch().filter(batch -> batch.events().isEmpty()).isPresent()) {
            hit.add(REPEATED);
        }
        if (death.point() == Point.KEPT
                && event instanceof Event.ProcessExited exited
                && isCharged(death.sidecar().state(), exited)) {
            hit.add(EXIT_SEEN);
        }
        step.batch().ifPresent(batch -> {
            batch.events().forEach(news -> news.intent().ifPresent(id -> told(news, id, decided, hit)));
            if (batch.records().stream().anyMatch(StateRecord.IntentTombstone.class::isInstance)) {
                hit.add(FORGETTING);
            }
            if (death.point() == Point.KEPT) {
                signalDue(death.sidecar().state(), batch, hit);
            }
        });
    }

    private static boolean isCharged(State state, Event.ProcessExited exited) {
        return state.intents().values().stream()
                .filter(intent -> intent.phase() instanceof Intent.Started)
                .anyMatch(intent -> intent.command()
                        .service()
                        .equals(Optional.of(exited.instance().service())));
    }

    private static void signalDue(State state, Batch batch, Set<IntentMoment> hit) {
        for (Intent intent : state.intents().values()) {
            for (Intent.Target target : intent.targets()) {
                boolean due = instance(state, intent, target)
                        .filter(instance -> batch.records()
                                .contains(state.services().get(instance.id().service())))
                        .filter(instance -> instance.state() instanceof InstanceState.Terminating)
                        .isPresent();
                if (due && intent.isOpen()) {
                    hit.add(STOP_DUE);
                }
            }
        }
    }

    private static void told(PublicEvent news, IntentId id, boolean decided, Set<IntentMoment> hit) {
        if (!news.type().contains(".intent.")) {
            return;
        }
        if (!news.id().equals(id + "/" + word(news))) {
            hit.add(REFUSED);
            return;
        }
        switch (word(news)) {
            case "accepted" -> {}
            case "started" -> {
                if (decided) {
                    hit.add(START_DECIDED);
                }
            }
            default -> hit.add(decided ? OUTCOME_DECIDED : valueOf(word(news).toUpperCase(Locale.ROOT)));
        }
    }

    private static String word(PublicEvent news) {
        return news.type().split("\\.", -1)[3];
    }

    private static void pending(Intent intent, IntentDeath death, IntentHistory history, Set<IntentMoment> hit) {
        State state = death.sidecar().state();
        Instant now = history.time().now();
        hit.add(history.broker().entry(intent.key()).isPresent() ? ACCEPTED_THERE : ACCEPTED_HERE);
        if (intent.command().notBefore().filter(now::isBefore).isPresent()) {
            hit.add(WAITS_FOR_ITS_TIME);
        }
        if (intent.origin() == Intent.Origin.TOPIC && state.standing().kafka() != KafkaStatus.LIVE) {
            hit.add(WAITS_FOR_KAFKA);
        }
        Optional<Intent> under = state.intents().values().stream()
                .filter(other -> other.phase() instanceof Intent.Started)
                .filter(other ->
                        other.command().service().equals(intent.command().service()))
                .findFirst();
        if (under.isPresent()) {
            boolean rides = ((Intent.Started) under.get().phase()).riders().contains(intent.id());
            hit.add(rides ? RIDES : QUEUES);
        } else if (state.orders(now).containsKey(intent.id())) {
            hit.add(WAITS_FOR_PERMITS);
        }
    }

    private static void started(
            Intent intent, Intent.Started started, IntentDeath death, IntentHistory history, Set<IntentMoment> hit) {
        State state = death.sidecar().state();
        boolean there = history.broker().hasStarted(intent.id());
        if (!there) {
            boolean local =
                    intent.origin() == Intent.Origin.LOCAL && state.standing().kafka() != KafkaStatus.LIVE;
            hit.add(local ? STARTED_LOCALLY : STARTED_HERE);
        } else if (death.point() == Point.COMMITTED && state.standing().gated() > 0) {
            hit.add(STARTED_THERE);
        }
        for (Intent.Target target : started.targets()) {
            instance(state, intent, target)
                    .filter(instance -> target.result().isEmpty())
                    .ifPresent(instance -> touched(intent, instance, death, hit));
        }
    }

    private static Optional<Instance> instance(State state, Intent intent, Intent.Target target) {
        return intent.command()
                .service()
                .map(name -> state.services().get(name))
                .filter(service -> target.index() < service.instances().size())
                .map(service -> service.instance(target.index()));
    }

    private static void touched(Intent intent, Instance instance, IntentDeath death, Set<IntentMoment> hit) {
        SimKernel kernel = death.sidecar().host().kernel();
        boolean lives = kernel.living(instance.id())
                .filter(process -> process.incarnation == instance.incarnation())
                .isPresent();
        boolean carries = instance.intent().equals(Optional.of(intent.id()));
        switch (instance.state()) {
            case InstanceState.Terminating ignored -> hit.add(lives ? STOP_REQUESTED : EXIT_UNSEEN);
            case InstanceState.Killing ignored -> hit.add(lives ? STOP_REQUESTED : EXIT_UNSEEN);
            case InstanceState.Starting ignored
            when carries ->
                hit.add(
                        switch (death.point()) {
                            case BEGUN -> SPAWN_BEGUN;
                            case SPAWNED -> SPAWNED;
                            case NOTED -> NOTED;
                            case DECIDED, KEPT, ACTED, COMMITTED -> lives ? NOTED : SPAWN_DUE;
                        });
            case InstanceState.Running ignored
            when carries && intent.command().waitFor() == WaitFor.READY -> hit.add(WAITS_FOR_READY);
            default -> {}
        }
    }

    private static void ended(Intent intent, IntentDeath death, IntentHistory history, Set<IntentMoment> hit) {
        boolean there = history.broker().entry(intent.key()).equals(Optional.of(intent));
        if (!there) {
            hit.add(OUTCOME_HERE);
        } else if (death.point() == Point.COMMITTED
                && death.sidecar().host().journal().unacknowledged().stream()
                        .anyMatch(batch -> batch.records().contains(intent))) {
            hit.add(OUTCOME_THERE);
        } else {
            hit.add(REMEMBERED);
        }
    }
}
