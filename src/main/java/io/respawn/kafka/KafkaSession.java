package io.respawn.kafka;

import io.respawn.codec.RecordCodec;
import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.model.SidecarId;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Replica;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * The sidecar's one standing relation with Kafka, on a thread of its own: it claims the state, writes batches, reads
 * commands, and begins anew by itself whatever happens, until it is fenced or closed. All clients belong to that thread.
 *
 * <p>CONNECTING until a broker answers and the topics are fit; RESTORING until the claim is committed, which the loop makes
 * in answer to {@code StateRestored}; then LIVE or DEGRADED; FENCED is the end. Nothing is written before the state was
 * read to its end.
 */
public final class KafkaSession implements Replica, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(KafkaSession.class);

    private static final int MOST_WAITING = 10_000;
    private static final int MOST_IN_TRANSACTION = 500;
    private static final long BYTES_IN_TRANSACTION = 1024 * 1024;
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private final Clients clients;
    private final CommandOutlet outlet;
    private final EventSink sink;
    private final Statistics statistics;
    private final Standing standing;
    private final Flushes flushes;
    private final Outbox outbox;
    private final WriteSets sets;
    private final StateReader state;
    private final StateWriter writer;
    private final CommandReader commands;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Pause pause = new Pause(Duration.ofMillis(200), Duration.ofSeconds(10));
    private final Thread thread =
            Thread.ofPlatform().name("kafka-session").daemon().unstarted(this::run);

    private long knownEpoch;
    private Optional<Claim> claim = Optional.empty();
    private boolean claimed;
    private Map<String, Long> positions = Map.of();
    private Map<TopicPartition, Long> firstPositions = Map.of();
    private boolean unanswered;
    private boolean unreadable;
    private long lookedForPartitionsNanos;

    public KafkaSession(
            SidecarId id,
            KafkaSettings settings,
            RecordCodec codec,
            CommandOutlet outlet,
            EventSink sink,
            Statistics statistics) {
        this.settings = settings;
        this.outlet = outlet;
        this.sink = sink;
        this.statistics = statistics;
        clients = new Clients(id, settings.client());
        standing = new Standing(sink);
        flushes = new Flushes(sink);
        outbox = new Outbox(MOST_WAITING, statistics);
        sets = new WriteSets(id, settings, codec, statistics);
        TopicPartition partition =
                new TopicPartition(settings.topics().state(), StateKeys.partition(id, settings.statePartitions()));
        state = new StateReader(id, clients, partition, codec, standing, this::isClosing);
        writer = new StateWriter(clients, standing, statistics, this::isClosing);
        commands = new CommandReader(id, settings, clients, outlet, statistics);
        // Clients load classes by name; in dev mode only our own loader sees those of the application.
        thread.setContextClassLoader(KafkaSession.class.getClassLoader());
    }

    /**
     * Begins, and will claim the state under a new epoch.
     *
     * @param local what this machine knows; the new epoch is higher
     * @param unacknowledged what an earlier run left, unless it is offered; what Kafka has already is not written again
     */
    public void start(Ledger local, List<Batch> unacknowledged) {
        knownEpoch = local.epoch();
        outbox.precede(unacknowledged);
        thread.start();
    }

    /** Goes on after a respawn with a claim that is ours already, under the same epoch and from the same positions. */
    public void resume(Ledger owned, List<Batch> unacknowledged) {
        claim = Optional.of(new Claim(owned.epoch(), owned.host(), Optional.empty()));
        claimed = true;
        positions = owned.positions();
        start(owned, unacknowledged);
    }

    @Override
    public void offer(Batch batch) {
        if (standing.status() != KafkaStatus.FENCED) {
            outbox.offer(batch);
            commands.wakeUp();
        }
    }

    @Override
    public void flush(Duration limit) {
        flushes.add(limit);
        if (standing.status() == KafkaStatus.FENCED || isClosing()) {
            flushes.answer(false);
        }
        commands.wakeUp();
    }

    /** Ends the session within a second; what is not committed by then stays with the local journal. */
    @Override
    public void close() {
        closing.countDown();
        commands.wakeUp();
        try {
            Duration half = CLOSE_LIMIT.dividedBy(2);
            if (thread.getState() != Thread.State.NEW && !thread.join(half)) {
                thread.interrupt();
                if (!thread.join(half)) {
                    LOG.warn("Cannot end the Kafka session in time: its thread is left to end by itself");
                }
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        try {
            standing.become(KafkaStatus.CONNECTING, "connecting");
            while (!isClosing()) {
                attempt();
            }
        } catch (SessionException.Fenced e) {
            standing.become(KafkaStatus.FENCED, e.words());
            outbox.clear();
        } catch (CancellationException | InterruptException e) {
            LOG.debugf("The Kafka session was interrupted: %s", e.getMessage());
        } finally {
            boolean interrupted = Thread.interrupted();
            LOG.debugf("The Kafka session ends (interrupted: %s)", interrupted);
            writer.close();
            commands.close();
            flushes.answer(false);
        }
    }

    /** Connects and works until something fails; returns when another attempt is due. */
    private void attempt() {
        try {
            connect();
            live();
        } catch (SessionException.Fenced | CancellationException | InterruptException e) {
            throw e;
        } catch (SessionException.Refused e) {
            statistics.fault("kafka-refused");
            standing.trouble(e.words());
            rest(pause.next());
        } catch (SessionException.ProducerLost e) {
            statistics.fault("kafka-producer-lost");
            standing.trouble(e.words());
            rest(pause.next());
        } catch (KafkaException e) {
            statistics.fault("kafka-connection");
            standing.trouble("Cannot reach the state on Kafka: " + StateWriter.words(e));
            rest(pause.next());
        } catch (RuntimeException e) {
            statistics.fault("kafka-session");
            LOG.error("Cannot explain this; the Kafka session begins anew", e);
            standing.trouble("Cannot go on: " + e);
            rest(pause.next());
        }
    }

    private void connect() {
        Admin admin = clients.admin();
        try {
            Layout layout = new TopicCheck(settings).check(admin);
            // Before our producer takes the place of all others: if somebody took over, theirs must stay.
            claim.ifPresent(mine -> mine.verify(state.readAtOnce(admin)));
            writer.open();
            if (standing.status() == KafkaStatus.CONNECTING) {
                standing.become(KafkaStatus.RESTORING, "reading the state");
            }
            Restored theirs = state.readToEnd(admin);
            claim.ifPresent(mine -> mine.verify(theirs));
            if (claim.isPresent() && claim.get().holds(theirs)) {
                goOn(theirs);
            } else {
                claim(admin, layout, theirs);
            }
            claimed = true;
            beginCommands(admin, layout, theirs);
        } finally {
            admin.close(Duration.ZERO);
        }
        pause.reset();
        unanswered = false;
        becomeLive();
    }

    private void goOn(Restored theirs) {
        theirs.ledger().ifPresent(ledger -> {
            outbox.reconcile(ledger);
            tellCommitted(ledger);
        });
    }

    /** Lets the loop make the claim from what was found, and commits it with everything that waits in front of it. */
    private void claim(Admin admin, Layout layout, Restored theirs) {
        outbox.putBack();
        if (claimed) {
            statistics.fault("kafka-state-lost");
            LOG.errorf("The state of epoch %d is no longer on Kafka: it is claimed and written again", knownEpoch);
        }
        // A claim whose commit failed is written again as it is, unless the ground under it has changed.
        boolean isAnswered = !claimed
                && claim.filter(mine -> mine.found().equals(theirs.ledger())).isPresent();
        if (!isAnswered) {
            claim = Optional.empty();
            claimed = false;
            knownEpoch = Math.max(theirs.epoch(), knownEpoch) + 1;
            firstPositions =
                    new FirstPositions(settings.firstPosition()).of(admin, layout.commandPartitions(), theirs.ledger());
            Map<String, Long> ends = new HashMap<>();
            firstPositions.forEach((partition, offset) -> ends.put(partition.toString(), offset));
            sink.accept(new Event.StateRestored(knownEpoch, theirs.ledger(), theirs.records(), ends));
        }
        List<Batch> batches = awaitClaim();
        Ledger ledger = batches.getLast().ledger();
        claim = Optional.of(new Claim(knownEpoch, ledger.host(), theirs.ledger()));
        positions = ledger.positions();
        if (!writer.write(sets.ofClaim(batches, theirs.ledger()))) {
            throw new KafkaException("Cannot commit the claim of epoch " + knownEpoch);
        }
        LOG.infof("The state is claimed under epoch %d", knownEpoch);
        outbox.landed();
        tellCommitted(ledger);
    }

    private List<Batch> awaitClaim() {
        try {
            while (!outbox.await(knownEpoch, TICK)) {
                if (isClosing()) {
                    throw new CancellationException("Cannot wait for the claim: the session is closing");
                }
            }
            return outbox.takeThrough(knownEpoch);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void beginCommands(Admin admin, Layout layout, Restored theirs) {
        if (commands.hasBegun()) {
            return;
        }
        if (firstPositions.isEmpty()) {
            firstPositions =
                    new FirstPositions(settings.firstPosition()).of(admin, layout.commandPartitions(), theirs.ledger());
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        firstPositions.forEach((partition, otherwise) ->
                offsets.put(partition, positions.getOrDefault(partition.toString(), otherwise)));
        commands.begin(offsets);
    }

    private void becomeLive() {
        if (!unanswered && !unreadable) {
            standing.become(KafkaStatus.LIVE, "epoch " + knownEpoch);
        }
    }

    private void live() {
        while (!isClosing()) {
            writeNext();
            if (outbox.isEmpty()) {
                flushes.answer(true);
            }
            keepHouse();
            read();
        }
    }

    private void read() {
        try {
            commands.poll(TICK, () -> !outbox.isEmpty());
            if (unreadable) {
                unreadable = false;
                becomeLive();
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            statistics.fault("kafka-poll");
            unreadable = true;
            standing.trouble("Cannot read commands: " + StateWriter.words(e));
            rest(pause.next());
        }
    }

    private void writeNext() {
        List<Batch> batches = outbox.take(MOST_IN_TRANSACTION, BYTES_IN_TRANSACTION);
        if (batches.isEmpty()) {
            return;
        }
        Optional<WriteSet> set = understood(batches);
        if (set.isPresent() && writer.write(set.get())) {
            pause.reset();
            outbox.landed();
            tellCommitted(set.get().ledger());
            unanswered = false;
            becomeLive();
        } else {
            // Together with what comes meanwhile: a record that is too large may be replaced by a smaller one.
            outbox.putBack();
            rest(pause.next());
        }
    }

    private Optional<WriteSet> understood(List<Batch> batches) {
        try {
            return Optional.of(sets.of(batches));
        } catch (SessionException.Refused e) {
            standing.trouble(e.words());
            return Optional.empty();
        }
    }

    private void tellCommitted(Ledger ledger) {
        sink.accept(new Event.BatchesCommitted(ledger.epoch(), ledger.seq()));
        outlet.committed(ledger.positions());
    }

    private void keepHouse() {
        outlet.takePassed().forEach(position -> sink.accept(new Event.CommandPassedBy(position)));
        Optional<String> trouble = commands.trouble();
        if (trouble.isPresent() && !unanswered) {
            unanswered = true;
            standing.trouble(trouble.get());
        } else if (trouble.isEmpty() && unanswered) {
            unanswered = false;
            becomeLive();
        }
        long now = System.nanoTime();
        if (now - lookedForPartitionsNanos > LOOK_FOR_PARTITIONS.toNanos()) {
            lookedForPartitionsNanos = now;
            commands.takeInAdded();
        }
    }

    private void rest(Duration time) {
        try {
            boolean over = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
            LOG.tracef("Rested %s (closing: %s)", time, over);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
