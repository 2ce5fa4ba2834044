package io.respawn.core;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything the machine knows. The durable part changes by {@link #fold} alone, live and in replay; {@link Standing} is
 * what need not survive, and the plan comes from the configuration each time. Owned by the loop thread.
 */
public final class State {

    private final SortedMap<ServiceName, Service> services = new TreeMap<>();
    private final Map<IntentId, Intent> intents = new LinkedHashMap<>();
    private final OpenIntents open = new OpenIntents();
    private final SortedSet<InstanceId> waiting = new TreeSet<>();
    private final Set<InstanceId> starting = new HashSet<>();
    private final Set<InstanceId> up = new LinkedHashSet<>();
    private Map<ServiceName, List<ServiceSpec>> followers;
    private final Standing standing = new Standing();
    private Plan plan;
    private Ledger ledger;

    public State(Plan plan, Ledger ledger) {
        this.plan = plan;
        this.ledger = ledger;
        this.followers = followers(plan);
    }

    private static Map<ServiceName, List<ServiceSpec>> followers(Plan plan) {
        Map<ServiceName, List<ServiceSpec>> followers = new HashMap<>();
        plan.services()
                .values()
                .forEach(spec -> spec.ties()
                        .all()
                        .distinct()
                        .forEach(other -> followers
                                .computeIfAbsent(other, first -> new ArrayList<>())
                                .add(spec)));
        return followers;
    }

    /** Another plan is in force from now on; what follows from that is not decided here. */
    void declare(Plan next) {
        plan = next;
        followers = followers(next);
    }

    /** Goes on where another left off, in another image of this program. */
    public static State resume(Plan plan, Continuation from) {
        State state = new State(plan, from.ledger());
        from.records().forEach(state::fold);
        state.standing.goOn(from.standing());
        return state;
    }

    /** What {@link #resume} goes on from. */
    public Continuation continuation() {
        return Continuation.of(this);
    }

    public Plan plan() {
        return plan;
    }

    public Ledger ledger() {
        return ledger;
    }

    public SortedMap<ServiceName, Service> services() {
        return Collections.unmodifiableSortedMap(services);
    }

    /** Open and remembered ended intents. */
    public Map<IntentId, Intent> intents() {
        return Collections.unmodifiableMap(intents);
    }

    public Standing standing() {
        return standing;
    }

    /** The only way in which the durable part changes. */
    public void fold(StateRecord entry) {
        switch (entry) {
            case Service service -> {
                services.put(service.name(), service);
                service.instances().forEach(this::index);
            }
            case Intent intent -> {
                unindex(intents.put(intent.id(), intent));
                index(intent);
            }
            case StateRecord.ServiceTombstone gone -> {
                services.remove(gone.name());
                waiting.removeIf(id -> id.service().equals(gone.name()));
                starting.removeIf(id -> id.service().equals(gone.name()));
                up.removeIf(id -> id.service().equals(gone.name()));
            }
            case StateRecord.IntentTombstone gone -> unindex(intents.remove(gone.id()));
        }
    }

    /** What would have to be folded to take this entry back. */
    StateRecord undoing(StateRecord entry) {
        return switch (entry) {
            case Service service -> undoing(service.name());
            case StateRecord.ServiceTombstone gone -> undoing(gone.name());
            case Intent intent -> undoing(intent.id());
            case StateRecord.IntentTombstone gone -> undoing(gone.id());
        };
    }

    private StateRecord undoing(ServiceName name) {
        return service(name).<StateRecord>map(known -> known).orElseGet(() -> new StateRecord.ServiceTombstone(name));
    }

    private StateRecord undoing(IntentId id) {
        return intent(id).<StateRecord>map(known -> known).orElseGet(() -> new StateRecord.IntentTombstone(id));
    }

    public void fold(Ledger next) {
        ledger = next;
    }

    private void index(Instance instance) {
        set(up, instance.id(), !instance.isAtRest());
        set(waiting, instance.id(), instance.state() instanceof InstanceState.Waiting);
        set(
                starting,
                instance.id(),
                instance.state() instanceof InstanceState.Starting
                        || instance.state() instanceof InstanceState.Running);
    }

    private static void set(Set<InstanceId> index, InstanceId id, boolean member) {
        if (member) {
            index.add(id);
        } else {
            index.remove(id);
        }
    }

    private void index(Intent intent) {
        if (intent.isOpen()) {
            open.add(intent);
        }
    }

    private void unindex(@Nullable Intent intent) {
        if (intent != null && intent.isOpen()) {
            open.remove(intent);
        }
    }

    /** The intents that wait or are under way. */
    OpenIntents open() {
        return open;
    }

    /** Instances that should run and do not yet. */
    SortedSet<InstanceId> waiting() {
        return waiting;
    }

    /** Instances between spawn and ready. */
    Set<InstanceId> starting() {
        return starting;
    }

    /** Instances with a process, with one that is being started, or whose end is not over. */
    Set<InstanceId> up() {
        return up;
    }

    /** Why everybody waits who does, and where those stand whom only the budget holds back. */
    public Map<InstanceId, QueuePlace> queue(Instant now) {
        return new Release(new Turn(this, new Stamp(now, 0))).places();
    }

    /** Where those orders stand that wait for permits. */
    public Map<IntentId, QueuePlace> orders(Instant now) {
        return new Rations(new Turn(this, new Stamp(now, 0))).places();
    }

    Optional<ServiceSpec> spec(InstanceId instance) {
        return plan.service(instance.service()).filter(spec -> instance.index() < wanted(spec));
    }

    private int wanted(ServiceSpec spec) {
        return service(spec.name()).map(service -> service.wanted(spec)).orElse(spec.instances());
    }

    /** How many instances of a service there should be; none if it is not declared. */
    int wanted(ServiceName name) {
        return plan.service(name).map(this::wanted).orElse(0);
    }

    /** The services that are declared to come after this one. */
    List<ServiceSpec> followersOf(ServiceName name) {
        return followers.getOrDefault(name, List.of());
    }

    Optional<Service> service(ServiceName name) {
        return Optional.ofNullable(services.get(name));
    }

    /** The instance, unless it is not known (any more). */
    Optional<Instance> instance(InstanceId id) {
        return service(id.service())
                .filter(service -> id.index() < service.instances().size())
                .map(service -> service.instance(id.index()));
    }

    Optional<Intent> intent(IntentId id) {
        return Optional.ofNullable(intents.get(id));
    }

    /** Whether an instance is declared and should run. */
    boolean wantsUp(InstanceId id) {
        return spec(id).isPresent()
                && service(id.service()).map(Service::wantsUp).orElse(false)
                && !standing.isStopping();
    }

    /** Compares what is durable, for the proof that replay equals live. */
    public boolean sameRecords(State other) {
        return ledger.equals(other.ledger) && services.equals(other.services) && intents.equals(other.intents);
    }

    /** A short text for messages about broken invariants. */
    public String describe() {
        return ledger + " " + services.values() + " " + intents.values();
    }
}
