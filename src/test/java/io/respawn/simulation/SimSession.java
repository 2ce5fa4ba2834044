package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.CommandTopics;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Outcomes;
import io.respawn.core.PublicEvent;
import io.respawn.core.StateRecord;
import io.respawn.model.HostIdentity;
import io.respawn.simulation.SimBroker.Answer;
import io.respawn.simulation.SimBroker.Sent;
import io.respawn.simulation.SimBroker.WriteSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What the session with Kafka does in one life of the sidecar, by its rules: read before anything is written, claim once,
 * look who owns the state before a producer takes the place of all others, write again only what is not there.
 */
final class SimSession {

    private record Claim(long epoch, HostIdentity host, Optional<String> life, Optional<Ledger> found) {
        boolean holds(Ledger ledger) {
            return ledger.epoch() == epoch
                    && ledger.host().equals(host)
                    && (ledger.life().isEmpty() || ledger.life().equals(life));
        }
    }

    private final IntentSidecar sidecar;
    private final SimBroker broker;
    private final RandomGenerator random;
    private final Sabotage sabotage;
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private final Map<String, Long> next = new HashMap<>();
    private List<Batch> inFlight = List.of();
    private Optional<Claim> claim = Optional.empty();
    private boolean claimed;
    private boolean live;
    private boolean writing;
    private boolean fenced;
    private long producer;
    private long epoch;

    SimSession(IntentSidecar sidecar, SimBroker broker, RandomGenerator random, Sabotage sabotage) {
        this.sidecar = sidecar;
        this.broker = broker;
        this.random = random;
        this.sabotage = sabotage;
    }

    void start(Ledger local, List<Batch> unacknowledged) {
        epoch = local.epoch();
        unacknowledged.reversed().forEach(waiting::addFirst);
        sidecar.soon(200, this::connect);
    }

    void offer(Batch batch) {
        if (!fenced) {
            waiting.addLast(batch);
            sidecar.soon(20, this::write);
        }
    }

    /** Whether all that was offered is committed. */
    boolean isEmpty() {
        return waiting.isEmpty() && inFlight.isEmpty();
    }

    private void connect() {
        if (!broker.isAvailable()) {
            trouble("no answer");
            sidecar.soon(1_000, this::connect);
            return;
        }
        Optional<Ledger> theirs = broker.ledger();
        boolean holds = claim.isPresent()
                && theirs.filter(ledger -> claim.get().holds(ledger)).isPresent();
        boolean lost = claim.isPresent()
                && !holds
                && theirs.filter(ledger -> ledger.epoch() >= claim.get().epoch())
                        .isPresent();
        if (lost) {
            fenced = true;
            waiting.clear();
            inFlight = List.of();
            sidecar.feed(new Event.KafkaChanged(KafkaStatus.FENCED, "another sidecar owns the state"));
            return;
        }
        producer = broker.open();
        if (holds) {
            putBack();
            Ledger committed = theirs.orElseThrow();
            waiting.removeIf(batch -> batch.epoch() < committed.epoch()
                    || (batch.epoch() == committed.epoch() && batch.seq() <= committed.seq()));
            established(committed);
        } else {
            claim(theirs);
        }
    }

    private void claim(Optional<Ledger> theirs) {
        putBack();
        boolean answered =
                !claimed && claim.filter(mine -> mine.found().equals(theirs)).isPresent();
        if (!answered) {
            claim = Optional.empty();
            claimed = false;
            epoch = Math.max(theirs.map(Ledger::epoch).orElse(0L), epoch) + 1;
            if (sidecar.state().standing().kafka() == KafkaStatus.CONNECTING) {
                sidecar.feed(new Event.KafkaChanged(KafkaStatus.RESTORING, "reading the state"));
            }
            Map<String, Long> ends = new HashMap<>();
            broker.topics().forEach(topic -> ends.put(topic + "-0", 0L));
            sidecar.feed(new Event.StateRestored(
                    epoch, theirs, broker.records(), new CommandTopics(ends, Map.of(), Map.of())));
        }
        if (!sidecar.isAlive()) {
            return;
        }
        List<Batch> batches = new ArrayList<>();
        do {
            batches.add(waiting.removeFirst());
        } while (batches.getLast().epoch() != epoch);
        inFlight = batches;
        Ledger owned = batches.getLast().ledger();
        claim = Optional.of(new Claim(owned.epoch(), owned.host(), owned.life(), theirs));
        append(ofClaim(batches, theirs, broker.records()), answer -> {
            if (answer == Answer.COMMITTED) {
                inFlight = List.of();
                established(owned);
            } else {
                sidecar.soon(1_000, this::connect);
            }
        });
    }

    private void established(Ledger committed) {
        claimed = true;
        live = true;
        sidecar.feed(new Event.BatchesCommitted(committed.epoch(), committed.seq()));
        becomeLive();
        if (next.isEmpty()) {
            for (String topic : broker.topics()) {
                next.put(topic, committed.positions().getOrDefault(topic + "-0", 0L));
                poll(topic);
            }
        }
        write();
    }

    private void becomeLive() {
        if (sidecar.state().standing().kafka() != KafkaStatus.LIVE) {
            sidecar.feed(new Event.KafkaChanged(KafkaStatus.LIVE, "epoch " + epoch));
        }
    }

    private void trouble(String words) {
        if (sidecar.state().standing().kafka() == KafkaStatus.LIVE) {
            sidecar.feed(new Event.KafkaChanged(KafkaStatus.DEGRADED, words));
        }
    }

    private void write() {
        if (!live || writing || waiting.isEmpty() || !sidecar.isAlive()) {
            return;
        }
        int most = random.nextInt(4) == 0 ? 1 : 500;
        List<Batch> taken = new ArrayList<>();
        while (!waiting.isEmpty() && taken.size() < most) {
            taken.add(waiting.removeFirst());
        }
        inFlight = taken;
        Ledger last = taken.getLast().ledger();
        if (sabotage == Sabotage.EARLY_ACKNOWLEDGEMENT) {
            sidecar.feed(new Event.BatchesCommitted(last.epoch(), last.seq()));
        }
        append(merged(taken, taken), answer -> {
            switch (answer) {
                case COMMITTED -> {
                    inFlight = List.of();
                    sidecar.feed(new Event.BatchesCommitted(last.epoch(), last.seq()));
                    becomeLive();
                    write();
                }
                case ABORTED -> {
                    putBack();
                    trouble("Cannot write to Kafka");
                    sidecar.soon(500, this::write);
                }
                case LOST -> {
                    live = false;
                    trouble("Cannot learn whether a transaction was committed");
                    sidecar.soon(1_000, this::connect);
                }
            }
        });
    }

    private void append(WriteSet set, Consumer<Answer> then) {
        writing = true;
        sidecar.in(2_000, () -> {
            if (writing) {
                trouble("nothing could be committed for 2 s");
            }
        });
        broker.append(producer, set, new SimBroker.Writer() {
            @Override
            public void committed() {
                sidecar.committed(set);
            }

            @Override
            public void answered(Answer answer) {
                if (sidecar.isAlive()) {
                    writing = false;
                    then.accept(answer);
                }
            }
        });
    }

    private void putBack() {
        inFlight.reversed().forEach(waiting::addFirst);
        inFlight = List.of();
    }

    private void poll(String topic) {
        if (fenced) {
            return;
        }
        long offset = next.get(topic);
        if (broker.isAvailable()) {
            // Now and then a record is delivered twice.
            long from = offset > 0 && random.nextInt(10) == 0 ? offset - 1 : offset;
            broker.read(topic, from).ifPresent(sent -> {
                next.put(topic, from + 1);
                sidecar.feed(taken(sent, topic, from));
            });
        }
        sidecar.soon(250, () -> poll(topic));
    }

    private Event taken(Sent sent, String topic, long offset) {
        boolean skipped = sabotage == Sabotage.SKIPPED_COMMAND && random.nextInt(4) == 0;
        return sent.ours() && !skipped
                ? new Event.CommandReceived(sent.command(), Optional.of(SimBroker.position(topic, offset)))
                : new Event.CommandPassedBy(SimBroker.position(topic, offset));
    }

    private static WriteSet merged(List<Batch> telling, List<Batch> recording) {
        List<PublicEvent> events =
                telling.stream().flatMap(batch -> batch.events().stream()).toList();
        Map<String, StateRecord> records = new LinkedHashMap<>();
        recording.forEach(batch -> batch.records().forEach(entry -> records.put(entry.key(), entry)));
        return new WriteSet(
                events, List.copyOf(records.values()), recording.getLast().ledger());
    }

    /** The claim says all that differs; what came before it adds the events that are not there. */
    private static WriteSet ofClaim(List<Batch> batches, Optional<Ledger> found, List<StateRecord> records) {
        List<Batch> earlier = Outcomes.toTell(batches, records);
        long there = found.map(ledger -> earlier.stream()
                        .map(Batch::ledger)
                        .filter(ours -> ours.host().equals(ledger.host()))
                        .mapToLong(ours -> shared(ours, ledger))
                        .max()
                        .orElse(Long.MIN_VALUE))
                .orElse(Long.MIN_VALUE);
        List<Batch> telling = new ArrayList<>();
        earlier.stream().filter(batch -> batch.seq() > there).forEach(telling::add);
        telling.add(batches.getLast());
        return merged(telling, List.of(batches.getLast()));
    }

    private static long shared(Ledger ours, Ledger found) {
        if (ours.descendsFrom(found)) {
            return found.seq();
        }
        return found.descendsFrom(ours) ? ours.seq() : Long.MIN_VALUE;
    }
}
