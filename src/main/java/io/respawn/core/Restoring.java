package io.respawn.core;

import io.respawn.core.Event.StateRestored;
import io.respawn.model.Action;
import io.respawn.model.InstanceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Brings the state on Kafka together with what is known here, and takes ownership of it. */
final class Restoring {

    /** Why an order of another host ends that may be carried out there. */
    static final String NOT_OURS =
            "takeover: another host took this order while it was away from Kafka, and may carry it"
                    + " out from its disk; order it again if it has not";

    private final Turn turn;

    Restoring(Turn turn) {
        this.turn = turn;
    }

    void restored(StateRestored event) {
        State state = turn.state();
        Ledger mine = state.ledger();
        // What this life has added since says nothing about how old the ground is that it began on.
        Ledger known = turn.standing().basis().orElse(mine);
        boolean theirsIsNewer =
                event.theirs().filter(theirs -> isNewer(theirs, known)).isPresent();
        if (theirsIsNewer) {
            Ledger ledger = event.theirs().get();
            boolean sameHost = ledger.host().equals(mine.host());
            // Of one epoch, what this machine remembers came after what it forgot.
            boolean theirsIsLater = ledger.epoch() != known.epoch() || !sameHost;
            event.records().forEach(entry -> merge(entry, sameHost, theirsIsLater));
        }
        Ledger owned = claimed(event, mine, theirsIsNewer);
        turn.claimWith(
                owned.with(Lineage.NONE.begun(owned.seq() + 1, turn.standing().life())));
        turn.standing().claim();
        if (!turn.standing().isStopping()) {
            turn.standing().enter(Standing.Phase.RUNNING);
        }
        publishDifferences(event.records());
        openServices();
    }

    /**
     * Within an epoch too: a disk that was full or lost its last pages knows less than Kafka. Under an epoch of ours that
     * Kafka does not have, another owner may have gone on after it was read; what it wrote meanwhile counts.
     */
    private static boolean isNewer(Ledger theirs, Ledger mine) {
        if (theirs.epoch() == mine.epoch()) {
            return !mine.descendsFrom(theirs);
        }
        return theirs.epoch() > mine.epoch() || !theirs.host().equals(mine.host());
    }

    private static Ledger claimed(StateRestored event, Ledger mine, boolean theirsIsNewer) {
        long seq = Math.max(mine.seq(), event.theirs().map(Ledger::seq).orElse(0L));
        long order =
                Math.max(mine.nextOrder(), event.theirs().map(Ledger::nextOrder).orElse(0L));
        SortedMap<String, Long> positions = new TreeMap<>(event.topics().first());
        if (theirsIsNewer) {
            positions.putAll(event.topics().positionsOf(event.theirs().orElseThrow()));
        } else {
            event.theirs().ifPresent(theirs -> positions.putAll(event.topics().positionsOf(theirs)));
            positions.putAll(event.topics().positionsOf(mine));
        }
        SortedMap<String, Instant> limiters = new TreeMap<>(mine.limiters());
        event.theirs()
                .ifPresent(
                        theirs -> theirs.limiters().forEach((name, at) -> limiters.merge(name, at, Restoring::later)));
        SortedMap<String, String> topics = new TreeMap<>(event.topics().ids());
        long generation = Math.max(
                mine.generation(), event.theirs().map(Ledger::generation).orElse(0L));
        long floor = Math.max(mine.floor(), event.theirs().map(Ledger::floor).orElse(0L));
        return new Ledger(
                event.epoch(), seq, mine.host(), positions, order, limiters, Lineage.NONE, topics, generation, floor);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Counters only rise, what was set by hand there holds here, and what runs here is known better here. */
    private void merge(StateRecord theirs, boolean sameHost, boolean theirsIsLater) {
        switch (theirs) {
            case Service service -> mergeService(service, theirsIsLater);
            case Intent intent -> mergeIntent(intent, sameHost);
            case StateRecord.ServiceTombstone ignored -> {}
            case StateRecord.IntentTombstone ignored -> {}
        }
    }

    private void mergeService(Service theirs, boolean theirsIsLater) {
        Optional<Service> known = turn.state().service(theirs.name());
        if (known.isEmpty()) {
            // Not declared here and not running here: nothing is left of it.
            turn.forget(theirs);
            return;
        }
        Service mine = known.get();
        List<Instance> instances = new ArrayList<>();
        int count = Math.max(mine.instances().size(), theirs.instances().size());
        for (int index = 0; index < count; index++) {
            Instance instance = index < mine.instances().size()
                    ? mine.instance(index)
                    : turn.fresh(new InstanceId(mine.name(), index));
            instances.add(index < theirs.instances().size() ? merged(instance, theirs.instance(index)) : instance);
        }
        boolean orderedHere = turn.standing().isOrderedHere(mine.name());
        boolean keepsOrder = orderedHere || (mine.handSet() && !theirsIsLater);
        boolean keepsScale = orderedHere || (mine.scaled().isPresent() && !theirsIsLater);
        Service ordered = theirs.handSet() && !keepsOrder ? theirs : mine;
        turn.put(new Service(
                mine.name(),
                ordered.desired(),
                ordered.handSet(),
                ordered.orderedBy(),
                Math.max(mine.generation(), theirs.generation()),
                mine.stop(),
                instances,
                keepsScale ? mine.scaled() : theirs.scaled()));
    }

    /** What runs here keeps its number; whatever comes next is above both. */
    private static Instance merged(Instance mine, Instance theirs) {
        return new Instance(
                mine.id(),
                mine.incarnation(),
                mine.intent(),
                mine.state(),
                Math.max(mine.attempt(), theirs.attempt()),
                Math.max(mine.restarts(), theirs.restarts()),
                mine.lastExit().or(theirs::lastExit),
                Math.max(mine.floor(), Math.max(theirs.incarnation(), theirs.floor())),
                mine.recentEnds().isEmpty() ? theirs.recentEnds() : mine.recentEnds(),
                mine.hooks());
    }

    /** How far an intent is there counts, unless it is further here. */
    private void mergeIntent(Intent theirs, boolean sameHost) {
        Optional<Intent> mine = turn.state().intent(theirs.id());
        switch (theirs.phase()) {
            case Intent.Ended ignored -> {
                mine.ifPresent(new Orders(turn)::letGo);
                turn.put(theirs);
            }
            case Intent.Started ignored -> {
                // What the owner has begun counts for more than what was decided here by one that did not know of it.
                boolean begunElsewhere = !sameHost && theirs.origin() != Intent.Origin.LOCAL;
                if (mine.isEmpty() || mine.get().isOpen() || begunElsewhere) {
                    turn.put(theirs);
                    goOn(theirs, sameHost);
                }
            }
            case Intent.Pending ignored -> {
                if (mine.isEmpty()) {
                    turn.put(theirs);
                    waitHere(theirs, sameHost);
                }
            }
        }
    }

    private void waitHere(Intent theirs, boolean sameHost) {
        if (sameHost || theirs.origin() != Intent.Origin.LOCAL) {
            new Intake(turn).rearm(theirs);
        } else {
            new Orders(turn).end(theirs, Intent.Outcome.FAILED, NOT_OURS);
        }
    }

    /** What this very host had begun is looked at again, once the claim is committed. */
    private void goOn(Intent begun, boolean sameHost) {
        if (sameHost && begun.command().action() == Action.RESPAWN) {
            new Respawning(turn).interrupted(begun);
        } else if (sameHost) {
            turn.standing().gates().put(begun.id(), new Standing.Gate.OnKafka(turn.seq()));
        } else {
            takeOver(begun);
        }
    }

    /** What another host had begun is not done again here: its processes are not ours, and a reconcile happens anyway. */
    private void takeOver(Intent intent) {
        if (intent.command().action() == Action.SCALE) {
            new Scaling(turn).resize(intent.command());
        }
        Intent.Outcome outcome =
                switch (intent.command().action()) {
                    case RESTART, START, STOP, RESET, SCALE, PING -> Intent.Outcome.SUCCEEDED;
                    case SIGNAL, CANCEL, RELOAD, RESPAWN -> Intent.Outcome.FAILED;
                };
        String unknown = outcome == Intent.Outcome.FAILED ? ", and whether it was carried out is unknown" : "";
        new Orders(turn).end(intent, outcome, "takeover: begun by another instance of this sidecar" + unknown);
    }

    /** Kafka gets every record that it has not, or has differently. */
    private void publishDifferences(List<StateRecord> theirs) {
        Map<String, StateRecord> known = new HashMap<>();
        theirs.forEach(entry -> known.put(entry.key(), entry));
        List<StateRecord> ours = new ArrayList<>(turn.state().services().values());
        ours.addAll(turn.state().intents().values());
        for (StateRecord entry : ours) {
            StateRecord there = known.remove(entry.key());
            if (!entry.equals(there)) {
                turn.put(entry);
            }
        }
        for (StateRecord gone : known.values()) {
            if (gone instanceof Service service) {
                turn.forget(service);
            } else if (gone instanceof Intent intent) {
                turn.put(new StateRecord.IntentTombstone(intent.id()));
            }
        }
    }

    /** Services may start now; intents go on. */
    void openServices() {
        for (Service service : List.copyOf(turn.state().services().values())) {
            new Recovery(turn).settle(service.name());
        }
        turn.state().open().services().forEach(turn::advanceLater);
    }

    /** Nobody answered for too long: services start without what Kafka may know. */
    void waitEnded() {
        if (turn.standing().phase() == Standing.Phase.RESTORING) {
            turn.standing().enter(Standing.Phase.PROVISIONAL);
            openServices();
        }
    }
}
