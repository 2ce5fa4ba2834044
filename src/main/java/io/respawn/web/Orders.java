package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.supervise.Durability;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import io.respawn.supervise.Supervision.Submitted;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Hands orders to the loop and says what became of them. */
@Singleton
final class Orders {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Supervision supervision;
    private final Reader reader;
    private final CommandParser parser;

    Orders(Supervision supervision, Reader reader, CommandParser parser) {
        this.supervision = supervision;
        this.reader = reader;
        this.parser = parser;
    }

    /**
     * Takes an order.
     *
     * @param acceptMemory whether it may be kept in memory only
     */
    Uni<Response> take(byte[] body, Optional<CommandParser.Addressed> addressed, boolean acceptMemory) {
        Command command = parse(body, addressed);
        return before(acceptMemory)
                .flatMap(before -> submit(command).map(submitted -> answer(command, submitted, before)));
    }

    /** The state that an order finds, if it would be kept well enough. */
    private Uni<Snapshot> before(boolean acceptMemory) {
        return reader.snapshot().invoke(before -> {
            if (before.durability() == Durability.MEMORY && !acceptMemory) {
                throw new Refusal(
                        503,
                        "Cannot keep the order on a disk or on Kafka (" + before.durabilityDetail()
                                + "): nothing was ordered; add ?accept-memory=true to order it nevertheless");
            }
        });
    }

    /** Takes an intent back, which is an order like any other; answers with what has become of that intent. */
    Uni<IntentView> cancel(IntentId id, String reason, String requestedBy, boolean acceptMemory) {
        JsonObject body = new JsonObject()
                .put("action", Action.CANCEL.word())
                .put("intent", id.value())
                .put("reason", reason)
                .put("requestedBy", requestedBy);
        Command command = parse(body.toBuffer().getBytes(), Optional.empty());
        return before(acceptMemory)
                .invoke(before -> find(id, before))
                .flatMap(before -> submit(command).map(submitted -> refusal(command, submitted.intent(), before)))
                .flatMap(refusal -> reader.snapshot().map(after -> {
                    IntentView view = IntentView.of(find(id, after), new Delays(after));
                    refusal.ifPresent(not -> {
                        throw not.about(view);
                    });
                    return view;
                }));
    }

    private static Intent find(IntentId id, Snapshot snapshot) {
        return IntentWait.find(id, snapshot).orElseThrow(() -> IntentsResource.unknown(id));
    }

    private static Optional<Refusal> refusal(Command cancel, Intent taken, Snapshot before) {
        if (!(taken.phase() instanceof Ended ended)) {
            throw new IllegalStateException("Cannot leave the order " + taken.id() + " to cancel another one open");
        }
        return switch (ended.outcome()) {
            case SUCCEEDED -> Optional.empty();
            case REJECTED -> Optional.of(new Refusal(status(cancel, before), ended.detail()));
            case FAILED, EXPIRED, COALESCED, CANCELLED -> Optional.of(new Refusal(409, ended.detail()));
        };
    }

    private Command parse(byte[] body, Optional<CommandParser.Addressed> addressed) {
        if (body.length > Guard.BODY_LIMIT) {
            throw new Refusal(413, Problems.detail(413));
        }
        try {
            return parser.parse(body, "api", new IntentId("api-" + UUID.randomUUID()), addressed);
        } catch (IllegalArgumentException unusable) {
            throw new Refusal(422, String.valueOf(unusable.getMessage()));
        }
    }

    private Uni<Submitted> submit(Command command) {
        return Reader.here(supervision.submit(command))
                .ifNoItem()
                .after(LIMIT)
                .failWith(() -> new Refusal(
                        504,
                        "Cannot tell yet whether the order was taken: ask for " + IntentView.href(command.id())
                                + ", or send it again with the id '" + command.id() + "'"));
    }

    private static Response answer(Command command, Submitted submitted, Snapshot before) {
        Intent intent = submitted.intent();
        IntentView view = IntentView.of(intent, submitted.durability());
        if (!isRepeat(command, intent.command())) {
            throw new Refusal(
                    409,
                    "Cannot take this order: the id '" + command.id()
                            + "' was used before with another content; send it with an id of its own",
                    view);
        }
        if (intent.phase() instanceof Ended ended && ended.outcome() == Outcome.REJECTED) {
            throw new Refusal(status(command, before), ended.detail(), view);
        }
        return Response.accepted(view).location(URI.create(view.href())).build();
    }

    /** An id that was used before answers with the intent of then, whatever was sent now. */
    private static boolean isRepeat(Command sent, Command known) {
        return sent.source().equals(known.source()) && sent.bodyHash() == known.bodyHash();
    }

    private static int status(Command rejected, Snapshot before) {
        if (before.sidecar() == Snapshot.Phase.STOPPING) {
            return 503;
        }
        boolean isUnknown = rejected.service()
                .filter(name -> before.plan().service(name).isEmpty())
                .isPresent();
        return isUnknown ? 404 : 422;
    }
}
