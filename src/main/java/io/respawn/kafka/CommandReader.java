package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.respawn.codec.RawCommand;
import io.respawn.core.DeadLetter;
import io.respawn.model.Position;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads all partitions of the command topics from given positions on and has what may be ours brought to the outlet. Used by
 * the session's thread alone, except {@link #wakeUp}.
 */
final class CommandReader implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(CommandReader.class);
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(12);
    private static final int FEW = 8;
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);

    private final Clients clients;
    private final byte[] key;
    private final String broadcast;
    private final CommandOutlet outlet;
    private final Courier courier;
    private final Statistics statistics;
    private final AtomicBoolean polling = new AtomicBoolean();
    private final Map<String, Integer> partitions = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable Pulse pulse;
    private boolean paused;
    private long lookedForPartitionsNanos;
    private @Nullable Iterable<ConsumerRecord<byte[], byte[]>> unread;
    private @Nullable Iterator<ConsumerRecord<byte[], byte[]>> rest;
    private @Nullable ConsumerRecord<byte[], byte[]> next;
    private Optional<Position> handedOver = Optional.empty();
    private final List<RawCommand> together = new ArrayList<>(Parcel.MOST);

    CommandReader(SidecarId id, KafkaSettings settings, Clients clients, CommandOutlet outlet, Statistics statistics) {
        this.clients = clients;
        this.key = id.value().getBytes(UTF_8);
        this.broadcast = settings.topics().broadcast();
        this.outlet = outlet;
        this.courier = new Courier(outlet::offer, statistics);
        this.statistics = statistics;
    }

    /** Begins at these offsets, whose keys are all partitions. */
    void begin(Map<TopicPartition, Long> offsets) {
        closeConsumer();
        courier.start();
        outlet.beginAnew();
        unread = null;
        rest = null;
        next = null;
        together.clear();
        Consumer<byte[], byte[]> fresh = clients.commandConsumer();
        consumer = fresh;
        pulse = new Pulse(
                fresh.metrics(), Duration.ofMillis(Clients.IDLE_FETCH_MILLIS).plus(ANSWER_MARGIN));
        paused = false;
        lookedForPartitionsNanos = System.nanoTime();
        fresh.assign(offsets.keySet());
        offsets.forEach(fresh::seek);
        partitions.clear();
        offsets.keySet().forEach(partition -> partitions.merge(partition.topic(), 1, Integer::sum));
    }

    /** Ends the wait of a poll that is under way; does nothing at any other time. Any thread may call. */
    void wakeUp() {
        Consumer<byte[], byte[]> open = consumer;
        if (open != null && polling.compareAndSet(true, false)) {
            open.wakeup();
        }
    }

    /**
     * Reads once; how long it may wait, for there may be other work, is asked after {@link #wakeUp} has begun to work.
     *
     * @return the last command that is on its way to the loop because of it, unless they are so many that it takes a while
     */
    Optional<Position> poll(Supplier<Duration> limit) {
        Consumer<byte[], byte[]> open = open();
        regulate(open);
        handedOver = Optional.empty();
        try {
            deliverRest();
            polling.set(true);
            Duration wait = limit.get();
            unread = open.poll(wait.isNegative() ? Duration.ZERO : wait);
            polling.set(false);
            deliverRest();
        } catch (WakeupException e) {
            LOG.trace("There is something to write");
        } catch (OffsetOutOfRangeException e) {
            goOnWhereThereIsSomething(open, e.offsetOutOfRangePartitions());
        } finally {
            polling.set(false);
        }
        return handedOver;
    }

    /** {@return what is wrong with the connection, in words} */
    Optional<String> trouble() {
        return pulse == null ? Optional.empty() : pulse.trouble(paused);
    }

    /** Looks now and then for partitions that were added to a topic, and reads them from their beginning. */
    void takeInAdded() {
        long now = System.nanoTime();
        if (now - lookedForPartitionsNanos < LOOK_FOR_PARTITIONS.toNanos()) {
            return;
        }
        lookedForPartitionsNanos = now;
        Consumer<byte[], byte[]> open = open();
        try {
            Map<TopicPartition, Long> added = new HashMap<>();
            for (Map.Entry<String, Integer> topic : partitions.entrySet()) {
                int count = open.partitionsFor(topic.getKey()).size();
                for (int partition = topic.getValue(); partition < count; partition++) {
                    added.put(new TopicPartition(topic.getKey(), partition), 0L);
                }
            }
            if (!added.isEmpty()) {
                List<TopicPartition> all = new ArrayList<>(open.assignment());
                all.addAll(added.keySet());
                open.assign(all);
                added.forEach(open::seek);
                added.keySet().forEach(partition -> partitions.merge(partition.topic(), 1, Integer::sum));
                paused = false;
                LOG.infof("Command partitions were added: %s", added.keySet());
            }
        } catch (WakeupException e) {
            LOG.trace("There is something to write; partitions are looked at next time");
        }
    }

    private void regulate(Consumer<byte[], byte[]> open) {
        if (!paused && outlet.isFull()) {
            open.pause(open.assignment());
            paused = true;
            statistics.fault("kafka-commands-paused");
            LOG.warnf("Reading of commands is paused: %d are under way", outlet.underWay());
        } else if (paused && outlet.isRoomy()) {
            open.resume(open.paused());
            paused = false;
            LOG.info("Reading of commands goes on");
        }
    }

    /** What was polled is kept until all of it is delivered, since nobody would read it again if memory gave out. */
    private void deliverRest() {
        if (unread != null && rest == null) {
            rest = unread.iterator();
        }
        unread = null;
        while (rest != null && (next != null || rest.hasNext())) {
            if (next == null) {
                next = rest.next();
            }
            deliver(next);
            next = null;
        }
        handOver();
        rest = null;
    }

    private void deliver(ConsumerRecord<byte[], byte[]> record) {
        Position position = new Position(record.topic(), record.partition(), record.offset());
        if (isForeign(record)) {
            // What stands in front of it has to be under way before it may count as passed.
            handOver();
            outlet.passBy(position);
            return;
        }
        if (together.size() == Parcel.MOST) {
            handOver();
        }
        List<DeadLetter.Header> headers = new ArrayList<>();
        record.headers()
                .forEach(header -> headers.add(
                        new DeadLetter.Header(header.key(), header.value() == null ? new byte[0] : header.value())));
        together.add(new RawCommand(
                record.topic(),
                record.partition(),
                record.offset(),
                Optional.ofNullable(record.key()),
                Optional.ofNullable(record.value()),
                headers,
                Instant.ofEpochMilli(record.timestamp())));
    }

    private void handOver() {
        if (!together.isEmpty()) {
            Parcel parcel = new Parcel(together);
            outlet.setOut(parcel);
            courier.take(parcel);
            handedOver = Optional.of(parcel)
                    .filter(few -> few.commands().size() <= FEW)
                    .map(few -> few.commands().getLast().position());
            together.clear();
        }
    }

    /** The key alone tells: the commands of a whole fleet pass by here, and need not go further. */
    private boolean isForeign(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null
                && record.key().length > 0
                && !record.topic().equals(broadcast)
                && !Arrays.equals(record.key(), key);
    }

    private void goOnWhereThereIsSomething(Consumer<byte[], byte[]> open, Map<TopicPartition, Long> lost) {
        Map<TopicPartition, Long> begins = open.beginningOffsets(lost.keySet());
        lost.forEach((partition, offset) -> {
            if (offset >= begins.getOrDefault(partition, 0L)) {
                throw new SessionException.GroundLost("Cannot read commands of " + partition + " from offset " + offset
                        + ": the topic was created anew, or has lost its end; the positions are looked for again");
            }
            statistics.fault("commands-may-be-lost");
            LOG.errorf(
                    "Cannot read commands of %s from offset %d, the topic no longer has it: commands may be lost;"
                            + " reading goes on at the earliest. Raise the topic's retention if this sidecar was away long.",
                    partition, offset);
        });
        open.seekToBeginning(lost.keySet());
    }

    private Consumer<byte[], byte[]> open() {
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            throw new IllegalStateException("Cannot read commands: begin() comes first");
        }
        return open;
    }

    @Override
    public void close() {
        closeConsumer();
        courier.close();
    }

    private void closeConsumer() {
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            consumer = null;
            open.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
