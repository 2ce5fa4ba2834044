package io.respawn.kafka;

import io.respawn.core.Batch;
import io.respawn.core.CommandTopics;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.model.HostIdentity;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Gains the state and keeps it: reads it to its end, lets the loop make the claim, commits that, and after each loss of the
 * producer finds out whether the state is still ours. Used by the session's thread alone.
 */
final class Ownership {

    private static final Logger LOG = Logger.getLogger(Ownership.class);
    private static final HostIdentity NOWHERE = new HostIdentity("", 0);
    private static final Duration TURN = Duration.ofSeconds(1);

    /** Longer than the loop ever takes: then its step has failed, and nobody else would say so. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final TopicCheck topics;
    private final FirstPositions first;
    private final StateReader state;
    private final StateWriter writer;
    private final WriteSets sets;
    private final Outbox outbox;
    private final Standing standing;
    private final EventSink sink;
    private final Statistics statistics;
    private final Losses losses;
    private final BooleanSupplier closing;

    private long epoch;
    private Optional<Claim> claim = Optional.empty();
    private boolean claimed;
    private boolean distrusted;
    private Ledger last = Ledger.fresh(NOWHERE);
    private long stateStart = -1;
    private Layout layout = new Layout(Map.of(), Map.of());
    private Map<String, Long> firstPositions = Map.of();

    Ownership(
            TopicCheck topics,
            FirstPositions first,
            StateReader state,
            StateWriter writer,
            WriteSets sets,
            Outbox outbox,
            Standing standing,
            EventSink sink,
            Statistics statistics,
            BooleanSupplier closing) {
        this.topics = topics;
        this.first = first;
        this.state = state;
        this.writer = writer;
        this.sets = sets;
        this.outbox = outbox;
        this.standing = standing;
        this.sink = sink;
        this.statistics = statistics;
        this.losses = new Losses(statistics);
        this.closing = closing;
    }

    /** A claim will be made, under an epoch above this one. */
    void begin(Ledger local) {
        epoch = local.epoch();
        last = local;
    }

    /** The claim was made already, by the image before this one. */
    void inherit(Ledger owned) {
        epoch = owned.epoch();
        claim = Optional.of(Claim.of(owned, Optional.empty()));
        claimed = true;
        last = owned;
    }

    long epoch() {
        return epoch;
    }

    /** What is known to be committed. */
    Ledger committed() {
        return last;
    }

    void committed(Ledger ledger) {
        last = ledger;
    }

    /** Something that the claim was made on is gone: it is made again, whatever else seems to be there. */
    void distrust() {
        distrusted = true;
    }

    /**
     * Opens a producer and makes sure that the state is ours.
     *
     * @return what is known to be committed, the batches in flight included
     * @throws SessionException.Fenced when it is somebody else's
     */
    Ledger establish(Admin admin) {
        Layout found = topics.check(admin);
        // Before our producer takes the place of all others: if somebody took over, theirs must stay.
        claim.ifPresent(mine -> mine.verify(state.readAtOnce(admin)));
        writer.open();
        if (standing.status() == KafkaStatus.CONNECTING) {
            standing.become(KafkaStatus.RESTORING, "reading the state");
        }
        // Before it is read: what is deleted meanwhile is noticed later.
        long start = state.start(admin);
        Restored theirs = state.readToEnd(admin);
        claim.ifPresent(mine -> mine.verify(theirs));
        boolean isWhole = !distrusted && loss(found, start).isEmpty();
        layout = found;
        if (isWhole && claim.filter(mine -> mine.holds(theirs)).isPresent()) {
            last = theirs.ledger().orElseThrow();
            outbox.reconcile(last);
        } else {
            last = claim(admin, theirs);
        }
        claimed = true;
        distrusted = false;
        stateStart = start;
        if (firstPositions.isEmpty()) {
            firstPositions = first.of(admin, layout, List.of(last)).first();
        }
        return last;
    }

    /**
     * Makes sure that what the claim rests on is as it was.
     *
     * @throws SessionException.GroundLost when it is not
     */
    void inspect(Admin admin) {
        loss(topics.check(admin), state.start(admin)).ifPresent(words -> {
            throw new SessionException.GroundLost(words);
        });
    }

    /** What is gone since the claim, in words. */
    private Optional<String> loss(Layout found, long start) {
        if (!claimed) {
            return Optional.empty();
        }
        Optional<String> anew = found.ids().entrySet().stream()
                .filter(topic -> !last.topics()
                        .getOrDefault(topic.getKey(), topic.getValue())
                        .equals(topic.getValue()))
                .map(topic -> "Topic '" + topic.getKey() + "' was created anew: the state is claimed again")
                .findFirst();
        boolean isCut = stateStart >= 0 && start > stateStart;
        return anew.or(() -> isCut
                ? Optional.of("Records before offset " + start + " of " + state.partition()
                        + " were deleted: the state is claimed and written again")
                : Optional.empty());
    }

    /** Where commands are to be read from, for all partitions that there were. */
    Map<TopicPartition, Long> commandPositions() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : layout.commandPartitions()) {
            String name = partition.toString();
            offsets.put(partition, last.positions().getOrDefault(name, firstPositions.getOrDefault(name, 0L)));
        }
        return offsets;
    }

    /** Lets the loop make the claim from what was found, and commits it with everything that waits in front of it. */
    private Ledger claim(Admin admin, Restored theirs) {
        outbox.putBack();
        // A claim whose commit failed is written again as it is, unless the ground under it has changed.
        boolean isAnswered = !claimed
                && claim.filter(mine -> mine.found().equals(theirs.ledger())).isPresent();
        if (!isAnswered) {
            ask(admin, theirs);
        }
        List<Batch> batches = awaitAnswer();
        Ledger ledger = batches.getLast().ledger();
        claim = Optional.of(Claim.of(ledger, theirs.ledger()));
        if (!writer.write(sets.ofClaim(batches, theirs))) {
            throw new KafkaException("the claim of epoch " + epoch + " was not committed");
        }
        outbox.landed();
        LOG.infof("The state is claimed under epoch %d", epoch);
        return ledger;
    }

    private void ask(Admin admin, Restored theirs) {
        tellWhy(theirs);
        claim = Optional.empty();
        claimed = false;
        epoch = Math.max(theirs.epoch(), epoch) + 1;
        CommandTopics commands = first.of(
                admin,
                layout,
                Stream.concat(theirs.ledger().stream(), Stream.of(last)).toList());
        Ledger newest =
                theirs.ledger().filter(ledger -> ledger.epoch() >= last.epoch()).orElse(last);
        losses.of(commands, newest);
        firstPositions = commands.first();
        sink.accept(new Event.StateRestored(epoch, theirs.ledger(), theirs.records(), commands));
    }

    private void tellWhy(Restored theirs) {
        String topic = state.partition().topic();
        if (claimed) {
            statistics.fault("kafka-claimed-again");
            LOG.errorf(
                    "What was claimed under epoch %d is no longer there as it was: the state is claimed again, and"
                            + " what topic '%s' lacks of it is written",
                    epoch, topic);
        } else if (claim.isPresent()) {
            statistics.fault("kafka-claimed-again");
            LOG.warnf("The state changed under the claim of epoch %d: it is claimed again", epoch);
        } else if (theirs.ledger().isEmpty() && last.epoch() > 0) {
            statistics.fault("kafka-state-lost");
            LOG.errorf("Topic '%s' has no state of this sidecar any more: what this machine knows is written", topic);
        } else if (theirs.ledger().isEmpty()) {
            LOG.infof("Topic '%s' has no state of this sidecar, nor has this machine: this is its first start", topic);
        }
    }

    private List<Batch> awaitAnswer() {
        long begun = System.nanoTime();
        try {
            while (!outbox.await(epoch, TURN)) {
                if (closing.getAsBoolean()) {
                    throw new CancellationException("Cannot wait for the claim: the session is closing");
                }
                if (System.nanoTime() - begun > LONGEST_ANSWER.toNanos()) {
                    statistics.fault("kafka-claim-unanswered");
                    throw new KafkaException("the loop did not answer within " + LONGEST_ANSWER.toSeconds()
                            + " s to what was found on Kafka; it is read and asked again, see the log for why");
                }
            }
            return outbox.takeThrough(epoch);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
