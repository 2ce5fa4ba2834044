package io.respawn.core;

import io.respawn.model.IntentId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps outcomes single when the state was another's for a while: what we decided before we knew of that is not told if it
 * was told there, or if the claim decides otherwise.
 */
public final class Outcomes {

    private final Set<IntentId> ended = new HashSet<>();
    private final Set<IntentId> open = new HashSet<>();
    private final Set<IntentId> told = new HashSet<>();

    private Outcomes(List<StateRecord> found, Batch claim) {
        found.forEach(entry -> {
            see(entry);
            if (entry instanceof Intent intent && !intent.isOpen()) {
                ended.add(intent.id());
            }
        });
        claim.records().forEach(this::see);
        claim.events().forEach(event -> outcomeOf(event).ifPresent(told::add));
    }

    private void see(StateRecord entry) {
        switch (entry) {
            case Intent intent when intent.isOpen() -> open.add(intent.id());
            case Intent intent -> open.remove(intent.id());
            case StateRecord.IntentTombstone gone -> open.remove(gone.id());
            case Service ignored -> {}
            case StateRecord.ServiceTombstone ignored -> {}
        }
    }

    /**
     * The batches that come before a claim, with the news that is still to be told.
     *
     * @param batches the claim is the last one
     * @param found what stands on Kafka
     */
    public static List<Batch> toTell(List<Batch> batches, List<StateRecord> found) {
        Outcomes outcomes = new Outcomes(found, batches.getLast());
        List<Batch> earlier = new ArrayList<>();
        for (Batch batch : batches.subList(0, batches.size() - 1).reversed()) {
            earlier.addFirst(outcomes.without(batch));
        }
        return earlier;
    }

    private Batch without(Batch batch) {
        List<PublicEvent> events =
                batch.events().reversed().stream().filter(this::isToTell).toList();
        return events.size() == batch.events().size()
                ? batch
                : new Batch(batch.ledger(), batch.records(), events.reversed(), batch.deadLetters());
    }

    /** Asked from the last one on: of several outcomes only that one was not taken back. */
    private boolean isToTell(PublicEvent event) {
        Optional<IntentId> id = outcomeOf(event);
        return id.isEmpty() || (!ended.contains(id.get()) && !open.contains(id.get()) && told.add(id.get()));
    }

    /** The refusal of another order under the same id is named after the place where it was read. */
    private static Optional<IntentId> outcomeOf(PublicEvent event) {
        return event.intent()
                .filter(id -> Arrays.stream(Intent.Outcome.values())
                        .anyMatch(outcome -> event.id().equals(id + "/" + outcome.word())));
    }
}
