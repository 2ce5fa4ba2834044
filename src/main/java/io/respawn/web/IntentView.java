package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import io.respawn.supervise.Durability;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * @param endedBy the other intent that brought the end about: it carried this one out too, cancelled or overtook it
 * @param reason why it was ordered, in the words of whoever did
 * @param requestedBy who ordered it
 * @param force whether it asked no budget
 * @param conditions what else the command said
 * @param acceptedAt when it was accepted
 * @param startedAt when it began; absent before and afterwards
 * @param endedAt when it ended
 * @param origin topic or local
 * @param position where it stood on the topic
 * @param targets what it does to each instance
 * @param waitsFor why it has not begun, while it has not
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
        @Nullable String endedBy,
        String reason,
        String requestedBy,
        boolean force,
        @JsonUnwrapped Conditions conditions,
        String acceptedAt,
        @Nullable String startedAt,
        @Nullable String endedAt,
        String origin,
        @Nullable String position,
        List<TargetView> targets,
        @Nullable String waitsFor,
        @Nullable Integer queuePosition,
        @Nullable String eta,
        @Nullable String durability,
        String href) {

    /**
     * What a command may say beyond what is to be done to whom; named as its fields are.
     *
     * @param instances how many there should be
     * @param signal which one is sent
     * @param intent which other intent is cancelled
     * @param priority higher goes first
     * @param notBefore it waits until then
     * @param expiresAt it is given up then, unless it has begun
     * @param ifIncarnation it is rejected if another incarnation runs
     * @param waitFor what counts as carried out, unless it is the start
     * @param gracePeriod from the stop signal to SIGKILL
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Conditions(
            @Nullable Integer instances,
            @Nullable String signal,
            @Nullable String intent,
            @Nullable Integer priority,
            @Nullable String notBefore,
            @Nullable String expiresAt,
            @Nullable Long ifIncarnation,
            @JsonProperty("wait") @Nullable String waitFor,
            @Nullable String gracePeriod) {
        static Conditions of(Command command) {
            return new Conditions(
                    command.instances().isPresent() ? command.instances().getAsInt() : null,
                    command.signal().map(Signal::toString).orElse(null),
                    command.target().map(IntentId::value).orElse(null),
                    command.priority() == 0 ? null : command.priority(),
                    command.notBefore().map(Instant::toString).orElse(null),
                    command.expiresAt().map(Instant::toString).orElse(null),
                    command.ifIncarnation().isPresent()
                            ? command.ifIncarnation().getAsLong()
                            : null,
                    command.waitFor() == WaitFor.STARTED
                            ? null
                            : command.waitFor().word(),
                    command.gracePeriod().map(Duration::toString).orElse(null));
        }
    }

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

    static IntentView of(Intent intent, Delays delays) {
        return of(intent, delays.of(intent), Optional.empty());
    }

    /** The answer to an order, when nobody has looked yet what it waits for. */
    static IntentView of(Intent intent, Durability durability) {
        return of(intent, Delay.NONE, Optional.of(durability));
    }

    private static IntentView of(Intent intent, Delay delay, Optional<Durability> durability) {
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
                ended.flatMap(Ended::by).map(IntentId::value).orElse(null),
                command.reason(),
                command.requestedBy(),
                command.force(),
                Conditions.of(command),
                intent.acceptedAt().toString(),
                intent.phase() instanceof Started started ? started.at().toString() : null,
                ended.map(end -> end.at().toString()).orElse(null),
                Words.of(intent.origin()),
                intent.position().map(Position::toString).orElse(null),
                intent.targets().stream().map(TargetView::of).toList(),
                delay.why().orElse(null),
                delay.place().map(QueuePlace::position).orElse(null),
                delay.place().flatMap(QueuePlace::eta).map(Instant::toString).orElse(null),
                durability.map(Durability::word).orElse(null),
                href(intent.id()));
    }

    /** An id may hold slashes: as one encoded segment it survives the normalisation of paths. */
    static String href(IntentId id) {
        return "/api/v1/intents/" + URLEncoder.encode(id.value(), StandardCharsets.UTF_8);
    }

    static String phase(Intent intent) {
        return switch (intent.phase()) {
            case Pending ignored -> "pending";
            case Started ignored -> "started";
            case Ended ignored -> "ended";
        };
    }
}
