package io.respawn.kafka;

import io.respawn.codec.CommandCodec;
import io.respawn.codec.RawCommand;
import io.respawn.codec.Reading;
import io.respawn.core.DeadLetter;
import io.respawn.core.Event;
import io.respawn.model.Position;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Statistics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Understands what comes through the channel and hands it to the loop; acknowledges once the acceptance is committed. */
@Singleton
public class CommandIntake {

    private static final Logger LOG = Logger.getLogger(CommandIntake.class);

    private final CommandCodec codec;
    private final EventSink sink;
    private final CommandOutlet outlet;
    private final Statistics statistics;

    @Inject
    CommandIntake(CommandCodec codec, EventSink sink, CommandOutlet outlet, Statistics statistics) {
        this.codec = codec;
        this.sink = sink;
        this.outlet = outlet;
        this.statistics = statistics;
    }

    /** Takes what was read together; returns without waiting for its acceptance, so that much can share a transaction. */
    @Incoming("commands")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> take(Message<Parcel> message) {
        List<RawCommand> commands = message.getPayload().commands();
        List<Event> events = Insistence.on(
                statistics, () -> commands.stream().map(this::understand).toList());
        try {
            // All at once, so that the loop finds them together.
            events.forEach(event -> Insistence.on(statistics, () -> sink.accept(event)));
        } finally {
            // Whatever happened: as long as one is under way, nothing behind it counts as passed.
            commands.forEach(command -> outlet.arrived(command.position()));
        }
        CompletionStage<Void> acknowledged = accepted(commands, events).thenCompose(nothing -> message.ack());
        acknowledged.whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.errorf(
                        failure,
                        "Cannot acknowledge the commands from %s on",
                        commands.getFirst().position());
            }
        });
        return CompletableFuture.completedFuture(null);
    }

    /** Positions are committed in order, so the last of each partition tells for all before it. */
    private CompletionStage<Void> accepted(List<RawCommand> commands, List<Event> events) {
        Map<String, Position> last = new HashMap<>();
        for (int i = 0; i < commands.size(); i++) {
            // A record that was passed by leads to no batch of its own, so nobody waits for its position.
            if (!(events.get(i) instanceof Event.CommandPassedBy)) {
                Position position = commands.get(i).position();
                last.put(position.partitionName(), position);
            }
        }
        return CompletableFuture.allOf(last.values().stream()
                .map(outlet::acceptance)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new));
    }

    /** A record that our codec fails at, by a defect, is one that cannot be read: it is kept, with the reason. */
    private Event understand(RawCommand raw) {
        try {
            return read(raw);
        } catch (RuntimeException | StackOverflowError defect) {
            statistics.fault("command-codec");
            LOG.errorf(defect, "Cannot read the command at %s, because of a defect", raw.position());
            return new Event.CommandUnreadable(new DeadLetter(
                    raw.position(),
                    raw.key(),
                    raw.value(),
                    raw.headers(),
                    "Cannot read this, because of a defect: " + defect,
                    raw.timestamp()));
        }
    }

    private Event read(RawCommand raw) {
        Position position = raw.position();
        return switch (codec.read(raw)) {
            case Reading.Understood understood -> {
                understood.unknownFields().forEach(field -> statistics.fault("command-field-unknown"));
                yield new Event.CommandReceived(understood.command(), Optional.of(position));
            }
            case Reading.Refused refused ->
                new Event.CommandRefused(
                        refused.id(), refused.source(), refused.reason(), refused.requestedBy(), position);
            case Reading.Unreadable unreadable -> {
                statistics.fault("command-unreadable");
                yield new Event.CommandUnreadable(new DeadLetter(
                        position, raw.key(), raw.value(), raw.headers(), unreadable.reason(), raw.timestamp()));
            }
            case Reading.NotForMe notForMe -> {
                if (notForMe.broken()) {
                    statistics.fault("command-without-address");
                    LOG.warnf("Cannot tell whose the record at %s is: %s", position, notForMe.detail());
                }
                yield new Event.CommandPassedBy(position);
            }
        };
    }
}
