package io.respawn.core;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How things stand in this life of the sidecar: what a new one finds out for itself. */
public final class Standing {

    /** How far the sidecar is. */
    public enum Phase {
        /** Not yet told what runs. */
        NEW,
        /** Waits for Kafka's state; only infrastructure runs. */
        RESTORING,
        /** Runs services without knowing whether Kafka knows more. */
        PROVISIONAL,
        RUNNING,
        STOPPING
    }

    /** How far the end of the sidecar is. */
    enum Leaving {
        NOT,
        STOPPING_SERVICES,
        FLUSHING,
        STOPPING_INFRASTRUCTURE,
        LEFT
    }

    /** What a started intent waits for before processes are touched. */
    sealed interface Gate {
        /** The batch that has to be durable. */
        long seq();

        record OnKafka(long seq) implements Gate {}

        record OnDisk(long seq) implements Gate {}
    }

    /** An intent behind its gate. */
    record Gated(IntentId intent, Gate gate) {}

    /** What the process of an instance said. */
    record Word(InstanceId instance, Told told) {}

    /** All of it, for an own respawn: there nothing has to be found out anew. */
    public record Kept(
            List<Gated> gates,
            Set<ServiceName> orderedHere,
            List<Word> words,
            Phase phase,
            KafkaStatus kafka,
            String kafkaDetail,
            boolean durable,
            String durableDetail,
            String life,
            Optional<Ledger> basis,
            boolean claimed,
            boolean forced,
            boolean leavingBehind,
            int exitCode,
            Leaving leaving) {}

    private LateCopy<IntentId, Gate> gates = new LateCopy<>();
    private LateCopy<ServiceName, Boolean> orderedHere = new LateCopy<>();
    /** Never changed but replaced: a copy for every step costs nothing, and few processes say anything. */
    private Map<InstanceId, Told> told = Map.of();

    private Phase phase = Phase.NEW;
    private KafkaStatus kafka = KafkaStatus.OFF;
    private String kafkaDetail = "";
    private boolean durable;
    private String durableDetail = "";
    private String life = "";
    private Optional<Ledger> basis = Optional.empty();
    private boolean claimed;
    private boolean forced;
    private boolean leavingBehind;
    private int exitCode;
    private Leaving leaving = Leaving.NOT;

    public Phase phase() {
        return phase;
    }

    public KafkaStatus kafka() {
        return kafka;
    }

    public String kafkaDetail() {
        return kafkaDetail;
    }

    /** Whether the local journal reaches the disk. */
    public boolean isDurable() {
        return durable;
    }

    public String durableDetail() {
        return durableDetail;
    }

    /** Whether the state on Kafka is ours in this life. */
    boolean isClaimed() {
        return claimed;
    }

    boolean isForced() {
        return forced;
    }

    int exitCode() {
        return exitCode;
    }

    void exitCode(int next) {
        exitCode = next;
    }

    boolean isStopping() {
        return phase == Phase.STOPPING;
    }

    /** Whether services that are not infrastructure may start. */
    boolean isOpenForServices() {
        return phase == Phase.RUNNING || phase == Phase.PROVISIONAL;
    }

    /** A random word for this life. */
    String life() {
        return life;
    }

    void begin(long entropy, Ledger restored) {
        life = Long.toHexString(entropy);
        basis = Optional.of(restored);
    }

    /** How far the journal was at the beginning of this life, until the state is claimed. */
    Optional<Ledger> basis() {
        return claimed ? Optional.empty() : basis;
    }

    Leaving leaving() {
        return leaving;
    }

    Map<IntentId, Gate> gates() {
        return gates;
    }

    /** How many started intents wait for their commit. */
    public int gated() {
        return gates.size();
    }

    void enter(Phase next) {
        phase = next;
    }

    void kafka(KafkaStatus next, String detail) {
        kafka = next;
        kafkaDetail = detail;
    }

    void durable(boolean next, String detail) {
        durable = next;
        durableDetail = detail;
    }

    void claim() {
        claimed = true;
    }

    void force() {
        forced = true;
    }

    /** Whether processes that do not even follow SIGKILL are waited for no longer. */
    boolean leavesBehind() {
        return leavingBehind;
    }

    void leaveBehind() {
        leavingBehind = true;
    }

    void leave(Leaving next) {
        leaving = next;
    }

    /** Whether a service was ordered up or down in this life: that is newer than whatever is restored. */
    boolean isOrderedHere(ServiceName service) {
        return orderedHere.containsKey(service);
    }

    void orderHere(ServiceName service) {
        orderedHere.put(service, true);
    }

    Told told(Instance instance) {
        Told known = told.get(instance.id());
        return known != null && known.incarnation() == instance.incarnation()
                ? known
                : new Told(instance.incarnation(), "", Optional.empty(), Optional.empty());
    }

    void tell(Instance instance, Told next) {
        Map<InstanceId, Told> changed = new HashMap<>(told);
        changed.put(instance.id(), next);
        told = Map.copyOf(changed);
    }

    /** What the process of an instance says that it does; empty if it says nothing. */
    public String status(Instance instance) {
        return instance.isDown() ? "" : told(instance).status();
    }

    Kept kept() {
        List<Word> words = told.entrySet().stream()
                .map(each -> new Word(each.getKey(), each.getValue()))
                .sorted(Comparator.comparing(Word::instance))
                .toList();
        return new Kept(
                gates.entrySet().stream()
                        .map(each -> new Gated(each.getKey(), each.getValue()))
                        .toList(),
                Set.copyOf(orderedHere.keySet()),
                words,
                phase,
                kafka,
                kafkaDetail,
                durable,
                durableDetail,
                life,
                basis,
                claimed,
                forced,
                leavingBehind,
                exitCode,
                leaving);
    }

    void goOn(Kept kept) {
        gates = new LateCopy<>();
        kept.gates().forEach(each -> gates.put(each.intent(), each.gate()));
        orderedHere = new LateCopy<>();
        kept.orderedHere().forEach(this::orderHere);
        told = kept.words().stream().collect(Collectors.toUnmodifiableMap(Word::instance, Word::told));
        phase = kept.phase();
        kafka = kept.kafka();
        kafkaDetail = kept.kafkaDetail();
        durable = kept.durable();
        durableDetail = kept.durableDetail();
        life = kept.life();
        basis = kept.basis();
        claimed = kept.claimed();
        forced = kept.forced();
        leavingBehind = kept.leavingBehind();
        exitCode = kept.exitCode();
        leaving = kept.leaving();
    }

    /** A copy that later changes do not reach. */
    Standing copy() {
        Standing copy = new Standing();
        copy.become(this);
        return copy;
    }

    /** Takes on everything that another says. */
    void become(Standing other) {
        gates = other.gates.copy();
        orderedHere = other.orderedHere.copy();
        told = other.told;
        phase = other.phase;
        kafka = other.kafka;
        kafkaDetail = other.kafkaDetail;
        durable = other.durable;
        durableDetail = other.durableDetail;
        life = other.life;
        basis = other.basis;
        claimed = other.claimed;
        forced = other.forced;
        leavingBehind = other.leavingBehind;
        exitCode = other.exitCode;
        leaving = other.leaving;
    }
}
