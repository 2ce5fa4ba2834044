package io.respawn.supervise;

import io.respawn.core.Batch;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.PublicEvent;
import io.respawn.core.State;
import io.respawn.supervise.Arrival.Passed;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Has what was decided kept, here and on Kafka, and tells it to those who follow. Owned by the loop. */
final class Archive {

    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    /** Without Kafka the journal hears this seldom, in batches, that nothing is owed. */
    private static final int UNOWED = 64;

    private final State state;
    private final Journal journal;
    private final Outbox outbox;
    private final BroadcastProcessor<PublicEvent> announced;
    private final Statistics statistics;
    private final EventSink sink;
    private long acknowledged;

    Archive(
            State state,
            Journal journal,
            Outbox outbox,
            BroadcastProcessor<PublicEvent> announced,
            Statistics statistics,
            EventSink sink) {
        this.state = state;
        this.journal = journal;
        this.outbox = outbox;
        this.announced = announced;
        this.statistics = statistics;
        this.sink = sink;
    }

    /** Has what was decided journaled by one write. */
    void append(Collection<Arrival> group) {
        List<Batch> batches = group.stream()
                .filter(Archive::isDue)
                .flatMap(arrival -> arrival.batch().stream())
                .toList();
        long begin = System.nanoTime();
        if (!batches.isEmpty()) {
            append(batches);
        }
        // Nothing in between may need memory: what is written would be written again.
        group.forEach(Archive::pass);
        if (!batches.isEmpty()) {
            statistics.journalAppends().add(Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private static boolean isDue(Arrival arrival) {
        return !arrival.isBefore(Passed.DECISION) && arrival.isBefore(Passed.JOURNAL);
    }

    private static void pass(Arrival arrival) {
        if (isDue(arrival)) {
            arrival.pass(Passed.JOURNAL);
        }
    }

    private void append(List<Batch> batches) {
        try {
            journal.append(batches);
        } catch (RuntimeException failed) {
            // Folded is folded: whatever is wrong with the disk, all goes on to Kafka and its effects happen.
            statistics.fault("journal-append");
            if (!(failed instanceof UncheckedIOException)) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "Cannot journal the batches " + batches.getFirst().seq() + " to "
                                + batches.getLast().seq(),
                        failed);
            }
            sink.accept(new Event.JournalChanged(false, String.valueOf(failed.getMessage())));
        }
    }

    /** Tells Kafka and those who follow what is journaled. */
    void tell(Arrival arrival, Batch batch) {
        if (arrival.isBefore(Passed.OFFER)) {
            if (state.standing().kafka() == KafkaStatus.OFF) {
                unowed(batch.seq());
            } else {
                outbox.offer(batch);
            }
            arrival.pass(Passed.OFFER);
        }
        int count = batch.events().size();
        for (int i = arrival.nextToAnnounce(count); i >= 0; i = arrival.nextToAnnounce(count)) {
            announce(batch.events().get(i));
        }
    }

    private void announce(PublicEvent event) {
        statistics.announced(event.type());
        if ("io.respawn.service.started.v1".equals(event.type())
                && event.incarnationAfter().orElse(1) > 1) {
            event.service()
                    .ifPresent(service ->
                            statistics.restarted(service, event.intent().isPresent() ? "ordered" : "crash"));
        }
        LOG.log(System.Logger.Level.INFO, () -> Lines.of(event));
        announced.onNext(event);
    }

    /** Nobody is owed it; the journal need not be told each time. */
    private void unowed(long seq) {
        acknowledged = seq;
        if (seq % UNOWED == 0) {
            journal.acknowledged(seq);
        }
    }

    /** Everything up to here is safe, and need not be kept on this machine. */
    void acknowledged(long seq) {
        acknowledged = seq;
        journal.acknowledged(seq);
    }

    long acknowledged() {
        return acknowledged;
    }
}
