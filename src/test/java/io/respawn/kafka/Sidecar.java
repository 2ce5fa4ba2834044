package io.respawn.kafka;

import static org.awaitility.Awaitility.await;

import io.respawn.codec.CommandCodec;
import io.respawn.codec.RecordCodec;
import io.respawn.core.Batch;
import io.respawn.core.DeadLetter;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Lineage;
import io.respawn.core.PublicEvent;
import io.respawn.core.StateRecord;
import io.respawn.model.HostIdentity;
import io.respawn.model.Position;
import io.respawn.model.SidecarId;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * A session with somebody who plays the loop: it claims when the state is restored, and answers each command with a batch
 * that moves the position.
 */
final class Sidecar implements EventSink, AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(40);

    final List<Event> events = new CopyOnWriteArrayList<>();
    final Statistics statistics = new Statistics();
    final CommandOutlet outlet;
    final KafkaSession session;
    private final SidecarId id;
    private final HostIdentity host;
    private final CommandIntake intake;
    private final SortedMap<String, Long> positions = new TreeMap<>();
    private final SortedMap<String, String> topics = new TreeMap<>();
    private Ledger ledger;
    private int unanswered;

    /** Has the loop fail at the first so many restored states, and say nothing. */
    Sidecar failing(int times) {
        unanswered = times;
        return this;
    }

    Sidecar(String id, KafkaSettings settings) {
        this(id, settings, "boot-1", CommandOutlet.DEFAULT_LIMIT);
    }

    Sidecar(String id, KafkaSettings settings, String boot, int commandLimit) {
        this.id = new SidecarId(id);
        host = new HostIdentity(boot, 1);
        ledger = Ledger.fresh(host);
        outlet = new CommandOutlet(commandLimit);
        session = new KafkaSession(
                this.id,
                settings,
                new RecordCodec(field -> statistics.fault("record-field-unknown")),
                outlet,
                this,
                statistics);
        CommandCodec codec = new CommandCodec(
                this.id, Map.of("app", "shop"), settings.topics().broadcast());
        intake = new CommandIntake(codec, this, outlet, statistics);
    }

    /** Starts, takes commands, and waits until it is live. */
    Sidecar live() {
        start();
        takeCommands();
        awaitStatus(KafkaStatus.LIVE);
        return this;
    }

    void start(Batch... unacknowledged) {
        session.start(ledger, List.of(unacknowledged));
    }

    /** Subscribes as the channel would. */
    void takeCommands() {
        Multi.createFrom()
                .publisher(new CommandConnector(outlet).getPublisher(ConfigProvider.getConfig()))
                .subscribe()
                .with(message -> {
                    Message<Parcel> commands = message.withPayload((Parcel) message.getPayload());
                    intake.take(commands);
                });
    }

    @Override
    public synchronized void accept(Event event) {
        events.add(event);
        switch (event) {
            case Event.StateRestored restored -> {
                if (unanswered > 0) {
                    unanswered--;
                } else {
                    claim(restored);
                }
            }
            case Event.CommandReceived received -> take(received.position().orElseThrow());
            case Event.CommandRefused refused -> take(refused.position());
            case Event.CommandUnreadable unreadable ->
                offer(unreadable.letter().position(), List.of(), List.of(), List.of(unreadable.letter()));
            case Event.CommandPassedBy passed ->
                positions.put(
                        passed.position().partitionName(), passed.position().offset() + 1);
            default -> {}
        }
    }

    private void claim(Event.StateRestored restored) {
        Ledger known = restored.theirs().orElse(ledger);
        positions.clear();
        positions.putAll(restored.topics().first());
        positions.putAll(restored.topics().positionsOf(known));
        topics.putAll(restored.topics().ids());
        long seq = Math.max(ledger.seq(), known.seq());
        ledger = ledger(restored.epoch(), seq);
        offer(List.of(), List.of(event("claimed/" + restored.epoch())));
    }

    private Ledger ledger(long epoch, long seq) {
        return new Ledger(epoch, seq, host, positions, 0, new TreeMap<>(), Lineage.NONE, topics);
    }

    private void take(Position position) {
        offer(position, List.of(), List.of(event("accepted/" + position)), List.of());
    }

    private void offer(
            Position position, List<StateRecord> records, List<PublicEvent> events, List<DeadLetter> letters) {
        positions.put(position.partitionName(), position.offset() + 1);
        session.offer(next(records, events, letters));
    }

    /** Offers a batch with the next sequence number, which it returns. */
    synchronized long offer(List<StateRecord> records, List<PublicEvent> events) {
        Batch batch = next(records, events, List.of());
        session.offer(batch);
        return batch.seq();
    }

    synchronized Batch next(List<StateRecord> records, List<PublicEvent> events, List<DeadLetter> letters) {
        ledger = ledger(ledger.epoch(), ledger.seq() + 1);
        return new Batch(ledger, records, events, letters);
    }

    synchronized Ledger ledger() {
        return ledger;
    }

    static PublicEvent event(String eventId) {
        return PublicEvent.ofSidecar(eventId, "started", Instant.parse("2026-11-22T00:00:00Z"), "");
    }

    <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<KafkaStatus> statuses() {
        return all(Event.KafkaChanged.class).stream()
                .map(Event.KafkaChanged::status)
                .toList();
    }

    long fault(String word) {
        return statistics.faults().containsKey(word)
                ? statistics.faults().get(word).sum()
                : 0;
    }

    void awaitStatus(KafkaStatus status) {
        awaitThat("status " + status, () -> {
            List<KafkaStatus> all = statuses();
            return !all.isEmpty() && all.getLast() == status;
        });
    }

    void awaitCommitted(long seq) {
        awaitThat("commit of " + seq, () -> has(Event.BatchesCommitted.class, committed -> committed.seq() >= seq));
    }

    <E extends Event> boolean has(Class<E> type, Predicate<E> test) {
        return all(type).stream().anyMatch(test);
    }

    void awaitThat(String what, java.util.concurrent.Callable<Boolean> condition) {
        await(id + ": " + what)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    @Override
    public void close() {
        session.close();
    }
}
