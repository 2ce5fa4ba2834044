package io.respawn.core;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One step in the making: every record is folded as it is decided, so that the next decision sees it. */
final class Turn {

    private final State state;
    private final Stamp stamp;
    private final Ledger ledgerBefore;
    private final Plan planBefore;
    private final Standing standingBefore;
    private final List<StateRecord> undoing = new ArrayList<>();
    private final Map<String, StateRecord> records = new LinkedHashMap<>();
    private final List<PublicEvent> events = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Set<ServiceName> changed = new LinkedHashSet<>();
    private final Set<Optional<ServiceName>> advancing = new LinkedHashSet<>();
    private final Set<IntentId> releasing = new LinkedHashSet<>();
    private boolean ledgerCounts;
    private boolean queued;
    private boolean rationing;

    Turn(State state, Stamp stamp) {
        this.state = state;
        this.stamp = stamp;
        this.ledgerBefore = state.ledger();
        this.planBefore = state.plan();
        this.standingBefore = state.standing().copy();
    }

    /** Takes everything back. */
    void undo() {
        undoing.forEach(state::fold);
        state.fold(ledgerBefore);
        if (!state.plan().equals(planBefore)) {
            state.declare(planBefore);
        }
        state.standing().become(standingBefore);
    }

    State state() {
        return state;
    }

    Standing standing() {
        return state.standing();
    }

    Instant now() {
        return stamp.now();
    }

    /** Different for each use within a step, and the same in every replay of it. */
    long entropy(int salt) {
        long mixed = stamp.entropy() + 0x9E3779B97F4A7C15L * (salt + 1L);
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** Sequence number of the batch that this step will make, if it makes one. */
    long seq() {
        return state.ledger().seq() + 1;
    }

    void put(StateRecord entry) {
        if (!records.containsKey(entry.key())) {
            undoing.add(state.undoing(entry));
        }
        state.fold(entry);
        records.put(entry.key(), entry);
        if (entry instanceof Service service) {
            changed.add(service.name());
        }
    }

    /** A service is known no more; the numbers of its processes are not used again, should it come back. */
    void forget(Service service) {
        long highest = service.instances().stream()
                .mapToLong(instance -> Math.max(instance.incarnation(), instance.floor()))
                .max()
                .orElse(0);
        state.fold(state.ledger().withFloor(highest));
        put(new StateRecord.ServiceTombstone(service.name()));
    }

    /** An instance that has never run, as far as is known. */
    Instance fresh(InstanceId id) {
        return Instance.fresh(id, new InstanceState.Stopped(), state.ledger().floor());
    }

    void put(Instance instance) {
        ServiceName name = instance.id().service();
        Service service = state.service(name)
                .orElseThrow(() -> new IllegalStateException("Cannot change an instance of unknown service " + name));
        put(service.with(instance));
    }

    /** Has the services that depend on this one looked at again. */
    void touch(ServiceName service) {
        changed.add(service);
    }

    /** Has all services looked at again. */
    void touchAll() {
        changed.addAll(state.services().keySet());
    }

    void announce(PublicEvent event) {
        events.add(event);
    }

    void announceInstance(String happening, Instance instance, String detail) {
        announce(PublicEvent.ofInstance(nextEventId(), happening, now(), instance, "", detail));
    }

    /** The same with the words for how the last process ended. */
    void announceEnd(String happening, Instance instance, String detail) {
        String exit = instance.lastExit().map(last -> last.status().words()).orElse("");
        announce(PublicEvent.ofInstance(nextEventId(), happening, now(), instance, exit, detail));
    }

    void announceSidecar(String happening, String detail) {
        announce(PublicEvent.ofSidecar(nextEventId(), happening, now(), detail));
    }

    private String nextEventId() {
        long epoch = state.ledger().epoch();
        // Before its claim a life could repeat the ids of one whose last records were lost.
        String owner = standing().isClaimed()
                ? String.valueOf(epoch)
                : epoch + "." + standing().life();
        return state.plan().id() + "/" + owner + "/" + seq() + "/" + events.size();
    }

    void setAside(DeadLetter letter) {
        deadLetters.add(letter);
    }

    void perform(Effect effect) {
        effects.add(effect);
    }

    void arm(InstanceId instance, TimerKey.Purpose purpose, long incarnation, Instant deadline) {
        perform(new Effect.ArmTimer(new TimerKey.OfInstance(instance, purpose, incarnation), deadline));
    }

    void cancel(InstanceId instance, TimerKey.Purpose purpose, long incarnation) {
        perform(new Effect.CancelTimer(new TimerKey.OfInstance(instance, purpose, incarnation)));
    }

    /** Puts another plan in force, under the next generation. */
    void declare(Plan plan) {
        state.declare(plan);
        state.fold(state.ledger().withGeneration(generation() + 1));
    }

    /** The ordinal of the plan in force. */
    long generation() {
        return Math.max(1, state.ledger().generation());
    }

    /** Moves a partition's position; it becomes durable with the next batch. */
    void readUpTo(String partition, long next) {
        state.fold(state.ledger().withPosition(partition, next));
    }

    /** The ordinal of an intent that is being accepted. */
    long takeOrder() {
        long order = state.ledger().nextOrder();
        state.fold(state.ledger().withOrder(order + 1));
        return order;
    }

    /** Makes this step a batch even if it has no records: it takes ownership. */
    void claimWith(Ledger ledger) {
        state.fold(ledger);
        ledgerCounts = true;
    }

    /** Makes this step a batch even if it has no records: it has moved a position. */
    void keepPosition() {
        ledgerCounts = true;
    }

    /** Looks at a service's open intents once the present decision is complete. */
    void advanceLater(Optional<ServiceName> service) {
        advancing.add(service);
    }

    Set<Optional<ServiceName>> takeAdvancing() {
        Set<Optional<ServiceName>> taken = new LinkedHashSet<>(advancing);
        advancing.clear();
        return taken;
    }

    /** Releases an intent that need not wait, once the present decision is complete. */
    void releaseLater(IntentId intent) {
        releasing.add(intent);
    }

    Set<IntentId> takeReleasing() {
        Set<IntentId> taken = new LinkedHashSet<>(releasing);
        releasing.clear();
        return taken;
    }

    /** Looks at orders that wait for permits once the present decision is complete. */
    void rationLater() {
        rationing = true;
    }

    boolean takeRationing() {
        boolean taken = rationing;
        rationing = false;
        return taken;
    }

    /** Looks at what waits for the budget once the present decision is complete. */
    void releaseQueued() {
        queued = true;
    }

    boolean takeQueued() {
        boolean taken = queued;
        queued = false;
        return taken;
    }

    /** The services that changed since the last call. */
    Set<ServiceName> takeChanged() {
        Set<ServiceName> taken = new LinkedHashSet<>(changed);
        changed.clear();
        return taken;
    }

    Step finish() {
        if (records.isEmpty() && events.isEmpty() && deadLetters.isEmpty() && !ledgerCounts) {
            return new Step(Optional.empty(), effects);
        }
        state.fold(state.ledger().withSeq(seq()));
        Batch batch = new Batch(state.ledger(), List.copyOf(records.values()), events, deadLetters);
        return new Step(Optional.of(batch), effects);
    }
}
