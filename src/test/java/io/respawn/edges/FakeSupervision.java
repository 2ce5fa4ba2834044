package io.respawn.edges;

import io.respawn.core.Intent;
import io.respawn.core.PublicEvent;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.supervise.Durability;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervision;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A loop whose state a test sets, and which notes what it was asked. */
public final class FakeSupervision implements Supervision {

    private final BroadcastProcessor<PublicEvent> events = BroadcastProcessor.create();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Statistics statistics = new Statistics();
    private volatile Optional<Snapshot> snapshot = Optional.empty();
    private volatile Function<Command, Submitted> onSubmit = command -> {
        throw new IllegalStateException("Cannot submit " + command.id() + ": the test did not say what comes of it");
    };
    private volatile Duration sinceLastBeat = Duration.ZERO;

    /** The state from now on; it comes at once. */
    public void is(Snapshot now) {
        snapshot = Optional.of(now);
        sinceLastBeat = Duration.ofMillis(100);
    }

    /** The loop is stuck: it never answers. */
    public void hangs() {
        snapshot = Optional.empty();
        sinceLastBeat = Duration.ofSeconds(60);
    }

    public void onSubmit(Function<Command, Intent> decide, Durability durability) {
        onSubmit = command -> new Submitted(decide.apply(command), durability);
    }

    public void announce(String type, IntentId intent) {
        events.onNext(new PublicEvent(
                intent + "/" + type,
                PublicEvent.intentType(type),
                Samples.NOW,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(intent),
                "restart",
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                "",
                "",
                "",
                "",
                ""));
    }

    /** The loop ends. */
    public void endsItsEvents() {
        events.onComplete();
    }

    /** What was asked for, in order: {@code events}, {@code snapshot}, {@code submit}. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public Uni<Snapshot> snapshot() {
        return Uni.createFrom().deferred(() -> {
            asked.add("snapshot");
            return snapshot.map(now -> Uni.createFrom().item(now))
                    .orElseGet(() -> Uni.createFrom().nothing());
        });
    }

    @Override
    public Uni<Submitted> submit(Command command) {
        return Uni.createFrom().item(() -> {
            asked.add("submit");
            return onSubmit.apply(command);
        });
    }

    @Override
    public Multi<PublicEvent> events() {
        return events.onSubscription().invoke(() -> asked.add("events"));
    }

    @Override
    public Duration sinceLastBeat() {
        return sinceLastBeat;
    }

    @Override
    public Statistics statistics() {
        return statistics;
    }
}
