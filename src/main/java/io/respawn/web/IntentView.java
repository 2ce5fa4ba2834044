package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.core.Intent;
import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Pending;
import io.respawn.core.Intent.Started;
import io.respawn.core.Intent.Target;
import io.respawn.core.QueuePlace;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Durability;
import io.respawn.supervise.Snapshot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An intent, as the API shows it.
 *
 * @param id chosen by the sender, or made up
 * @param source who sent the command
 * @param action what was ordered
 * @param service of which service, if the action is about one
 * @param instance of which copy; of all when absent
 * @param phase pending, started, ended
 * @param outcome how it ended; absent while it is open
 * @param detail what a person should know about the outcome
 * @param reason why it was ordered, in the words of whoever did
 * @param requestedBy who ordered it
 * @param acceptedAt when it was accepted
 * @param endedAt when it ended
 * @param origin topic or local
 * @param position where it stood on the topic
 * @param targets what it does to each instance
 * @param queuePosition among those that wait for the budget, from 1
 * @param eta when the budget will have let it go, unless something more important comes
 * @param durability where the order is kept; only in the answer to an order
 * @param href where to ask for it again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IntentView(
        String id,
        String source,
        String action,
        @Nullable String service,
        @Nullable Integer instance,
        String phase,
        @Nullable String outcome,
        String detail,
        String reason,
        String requestedBy,
        String acceptedAt,
        @Nullable String endedAt,
        String origin,
        @Nullable String position,
        List<TargetView> targets,
        @Nullable Integer queuePosition,
        @Nullable String eta,
        @Nullable String durability,
        String href) {

    /**
     * What an intent does to one instance.
     *
     * @param index of the instance
     * @param before the incarnation it found
     * @param after the incarnation that satisfied it
     * @param outcome absent while under way
     * @param detail about the outcome
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TargetView(
            int index, long before, long after, @Nullable String outcome, String detail) {
        static TargetView of(Target target) {
            return new TargetView(
                    target.index(),
                    target.before(),
                    target.after(),
                    target.result().map(result -> result.outcome().word()).orElse(null),
                    target.result().map(Intent.Result::detail).orElse(""));
        }
    }

    static IntentView of(Intent intent) {
        return of(intent, Optional.empty());
    }

    static IntentView of(Intent intent, Snapshot snapshot) {
        return of(
                intent, Optional.empty(), Optional.ofNullable(snapshot.orders().get(intent.id())));
    }

    static IntentView of(Intent intent, Optional<Durability> durability) {
        return of(intent, durability, Optional.empty());
    }

    private static IntentView of(Intent intent, Optional<Durability> durability, Optional<QueuePlace> place) {
        Command command = intent.command();
        Optional<Ended> ended = intent.phase() instanceof Ended end ? Optional.of(end) : Optional.empty();
        return new IntentView(
                intent.id().value(),
                command.source(),
                command.action().word(),
                command.service().map(ServiceName::value).orElse(null),
                command.instance().isPresent() ? command.instance().getAsInt() : null,
                phase(intent),
                ended.map(end -> end.outcome().word()).orElse(null),
                ended.map(Ended::detail).orElse(""),
                command.reason(),
                command.requestedBy(),
                intent.acceptedAt().toString(),
                ended.map(end -> end.at().toString()).orElse(null),
                Words.of(intent.origin()),
                intent.position().map(Position::toString).orElse(null),
                intent.targets().stream().map(TargetView::of).toList(),
                place.map(QueuePlace::position).orElse(null),
                place.flatMap(QueuePlace::eta).map(Instant::toString).orElse(null),
                durability.map(Durability::word).orElse(null),
                href(intent.id()));
    }

    /** An id may hold slashes: as one encoded segment it survives the normalisation of paths. */
    static String href(IntentId id) {
        return "/api/v1/intents/" + URLEncoder.encode(id.value(), StandardCharsets.UTF_8);
    }

    private static String phase(Intent intent) {
        return switch (intent.phase()) {
            case Pending ignored -> "pending";
            case Started ignored -> "started";
            case Ended ignored -> "ended";
        };
    }
}
