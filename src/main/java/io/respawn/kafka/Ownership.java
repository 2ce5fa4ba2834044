package io.respawn.kafka;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
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
    private static final Duration TURN = Duration.ofSeconds(1);

    /** Longer than the loop ever takes: then its step has failed, and nobody else would say so. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final FirstPositions first;
    private final StateReader state;
    private final StateWriter writer;
    private final WriteSets sets;
    private final Outbox outbox;
    private final Standing standing;
    private final EventSink sink;
    private final Statistics statistics;
    private final BooleanSupplier closing;

    private long epoch;
    private Optional<Claim> claim = Optional.empty();
    private boolean claimed;
    private Map<String, Long> positions = Map.of();
    private Map<TopicPartition, Long> firstPositions = Map.of();

    Ownership(
            FirstPositions first,
            StateReader state,
            StateWriter writer,
            WriteSets sets,
            Outbox outbox,
            Standing standing,
            EventSink sink,
            Statistics statistics,
            BooleanSupplier closing) {
        this.first = first;
        this.state = state;
        this.writer = writer;
        this.sets = sets;
        this.outbox = outbox;
        this.standing = standing;
        this.sink = sink;
        this.statistics = statistics;
        this.closing = closing;
    }

    /** A claim will be made, under an epoch above this one. */
    void begin(Ledger local) {
        epoch = local.epoch();
    }

    /** The claim was made already, by the image before this one. */
    void inherit(Ledger owned) {
        epoch = owned.epoch();
        claim = Optional.of(Claim.of(owned, Optional.empty()));
        claimed = true;
        positions = owned.positions();
    }

    long epoch() {
        return epoch;
    }

    /**
     * Opens a producer and makes sure that the state is ours.
     *
     * @return what is known to be committed, the batches in flight included
     * @throws SessionException.Fenced when it is somebody else's
     */
    Ledger establish(Admin admin, List<TopicPartition> commands) {
        // Before our producer takes the place of all others: if somebody took over, theirs must stay.
        claim.ifPresent(mine -> mine.verify(state.readAtOnce(admin)));
        writer.open();
        if (standing.status() == KafkaStatus.CONNECTING) {
            standing.become(KafkaStatus.RESTORING, "reading the state");
        }
        Restored theirs = state.readToEnd(admin);
        claim.ifPresent(mine -> mine.verify(theirs));
        Ledger committed;
        if (theirs.ledger().isPresent()
                && claim.filter(mine -> mine.holds(theirs)).isPresent()) {
            committed = theirs.ledger().get();
            outbox.reconcile(committed);
        } else {
            committed = claim(admin, commands, theirs);
        }
        claimed = true;
        if (firstPositions.isEmpty()) {
            firstPositions = first.of(admin, commands, Optional.of(committed));
        }
        return committed;
    }

    /** Where commands are to be read from, for all partitions that there were. */
    Map<TopicPartition, Long> commandPositions() {
        Map<TopicPartition, Long> offsets = new HashMap<>(firstPositions);
        offsets.replaceAll((partition, otherwise) -> positions.getOrDefault(partition.toString(), otherwise));
        return offsets;
    }

    /** Lets the loop make the claim from what was found, and commits it with everything that waits in front of it. */
    private Ledger claim(Admin admin, List<TopicPartition> commands, Restored theirs) {
        outbox.putBack();
        // A claim whose commit failed is written again as it is, unless the ground under it has changed.
        boolean isAnswered = !claimed
                && claim.filter(mine -> mine.found().equals(theirs.ledger())).isPresent();
        if (!isAnswered) {
            ask(admin, commands, theirs);
        }
        List<Batch> batches = awaitAnswer();
        Ledger ledger = batches.getLast().ledger();
        claim = Optional.of(Claim.of(ledger, theirs.ledger()));
        positions = ledger.positions();
        if (!writer.write(sets.ofClaim(batches, theirs.ledger()))) {
            throw new KafkaException("the claim of epoch " + epoch + " was not committed");
        }
        outbox.landed();
        LOG.infof("The state is claimed under epoch %d", epoch);
        return ledger;
    }

    private void ask(Admin admin, List<TopicPartition> commands, Restored theirs) {
        if (claimed) {
            statistics.fault("kafka-state-lost");
            LOG.errorf("The state of epoch %d is no longer on Kafka: it is claimed and written again", epoch);
        } else if (claim.isPresent()) {
            statistics.fault("kafka-claimed-again");
            LOG.warnf("The state changed under the claim of epoch %d: it is claimed again", epoch);
        }
        claim = Optional.empty();
        claimed = false;
        epoch = Math.max(theirs.epoch(), epoch) + 1;
        firstPositions = first.of(admin, commands, theirs.ledger());
        Map<String, Long> ends = new HashMap<>();
        firstPositions.forEach((partition, offset) -> ends.put(partition.toString(), offset));
        sink.accept(new Event.StateRestored(epoch, theirs.ledger(), theirs.records(), ends));
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
