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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
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
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration HALF_OF_CLOSE = Duration.ofMillis(500);
    private final Clients clients;
    private final CommandOutlet outlet;
    private final EventSink sink;
    private final Statistics statistics;
    private final Standing standing;
    private final Flushes flushes;
    private final Outbox outbox;
    private final Vigil vigil;
    private final BatchWriter batches;
    private final Ownership ownership;
    private final StateWriter writer;
    private final CommandReader commands;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Pause pause = new Pause(Duration.ofMillis(200), Duration.ofSeconds(10));
    private final Thread thread =
            Thread.ofPlatform().name("kafka-session").daemon().unstarted(this::run);
    /** The epoch from whose positions commands are read. */
    private long readUnder;

    private boolean unanswered;
    private boolean unreadable;

    public KafkaSession(
            SidecarId id,
            KafkaSettings settings,
            RecordCodec codec,
            CommandOutlet outlet,
            EventSink sink,
            Statistics statistics) {
        this.outlet = outlet;
        this.sink = sink;
        this.statistics = statistics;
        clients = new Clients(id, settings.client());
        standing = new Standing(sink);
        flushes = new Flushes(sink);
        outbox = new Outbox(MOST_WAITING, statistics, System::nanoTime);
        WriteSets sets = new WriteSets(id, settings, codec, statistics);
        TopicPartition partition =
                new TopicPartition(settings.topics().state(), StateKeys.partition(id, settings.statePartitions()));
        writer = new StateWriter(clients, standing, statistics, this::isClosing);
        batches = new BatchWriter(outbox, sets, writer, standing);
        ownership = new Ownership(
                new TopicCheck(settings),
                new FirstPositions(settings.firstPosition()),
                new StateReader(id, clients, partition, codec, standing, this::isClosing),
                writer,
                sets,
                outbox,
                standing,
                sink,
                statistics,
                this::isClosing);
        vigil = new Vigil(settings.heartbeat(), clients, ownership);
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
        ownership.begin(local);
        outbox.precede(unacknowledged);
        thread.start();
    }

    /** Goes on after a respawn with a claim that is ours already, under the same epoch and from the same positions. */
    public void resume(Ledger owned, List<Batch> unacknowledged) {
        ownership.inherit(owned);
        outbox.precede(unacknowledged);
        thread.start();
    }

    @Override
    public void offer(Batch batch) {
        if (standing.status() != KafkaStatus.FENCED) {
            outbox.offer(batch);
            commands.wakeUp();
        }
    }

    @Override
    public List<Batch> held() {
        return outbox.held();
    }

    @Override
    public void flush(Duration limit) {
        flushes.add(limit);
        outbox.hurry();
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
            if (thread.getState() != Thread.State.NEW && !thread.join(HALF_OF_CLOSE)) {
                thread.interrupt();
                if (!thread.join(HALF_OF_CLOSE)) {
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
            LOG.debugf("The Kafka session ends (interrupted: %s)", Thread.interrupted());
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
        } catch (CancellationException | InterruptException e) {
            throw e;
        } catch (SessionException e) {
            switch (e) {
                case SessionException.Fenced fenced -> throw fenced;
                case SessionException.Refused refused -> standing.refuse(refused.words());
                case SessionException.GroundLost ignored -> ownership.distrust();
                case SessionException.ProducerLost ignored -> {}
            }
            setBack(e.fault(), e.words());
        } catch (KafkaException e) {
            setBack("kafka-connection", "Cannot reach the state on Kafka: " + StateWriter.words(e));
        } catch (OutOfMemoryError e) {
            statistics.outOfMemory();
            LockSupport.parkNanos(TICK.toNanos());
        } catch (RuntimeException | Error e) {
            LOG.error("Cannot explain this; the Kafka session begins anew", e);
            setBack("kafka-session", "Cannot go on: " + e);
        }
    }

    /** Counts and tells it, and waits until another attempt is due. */
    private void setBack(String fault, String words) {
        statistics.fault(fault);
        standing.trouble(words);
        pause.rest(closing);
    }

    private void connect() {
        Admin admin = clients.admin();
        try {
            outlet.awaitDelivery(TICK);
            tellCommitted(ownership.establish(admin));
        } finally {
            admin.close(Duration.ZERO);
        }
        if (readUnder != ownership.epoch()) {
            commands.begin(ownership.commandPositions());
            readUnder = ownership.epoch();
        }
        vigil.begin();
        pause.reset();
        unanswered = false;
        becomeLive();
    }

    private void becomeLive() {
        if (!unanswered && !unreadable) {
            standing.become(KafkaStatus.LIVE, "epoch " + ownership.epoch());
        }
    }

    private void live() {
        while (!isClosing()) {
            follow(batches.writeNext());
            if (vigil.isDue() && vigil.inspect()) {
                follow(batches.writeHeartbeat(ownership.committed()));
            }
            if (outbox.isEmpty()) {
                flushes.answer(true);
            }
            keepHouse();
            read();
        }
    }

    private void read() {
        try {
            commands.takeInAdded();
            commands.poll(outbox::patience).ifPresent(command -> outbox.awaitAcceptance(command, Outbox.MOMENT));
            if (unreadable) {
                unreadable = false;
                becomeLive();
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            unreadable = true;
            vigil.hasten();
            setBack("kafka-poll", "Cannot read commands: " + StateWriter.words(e));
        }
    }

    private void follow(BatchWriter.Outcome outcome) {
        switch (outcome) {
            case BatchWriter.Outcome.Nothing ignored -> {}
            case BatchWriter.Outcome.Written written -> {
                pause.reset();
                tellCommitted(written.ledger());
                unanswered = false;
                becomeLive();
            }
            case BatchWriter.Outcome.Failed ignored -> {
                vigil.hasten();
                pause.rest(closing);
            }
        }
    }

    private void tellCommitted(Ledger ledger) {
        ownership.committed(ledger);
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
    }
}
