package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.supervise.Durability;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Supervision;
import io.respawn.supervise.Supervision.Submitted;
import io.smallrye.mutiny.Uni;
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
        return reader.snapshot().onItem().transformToUni(before -> {
            if (before.durability() == Durability.MEMORY && !acceptMemory) {
                throw new Refusal(
                        503,
                        "Cannot keep the order on a disk or on Kafka (" + before.durabilityDetail()
                                + "): nothing was ordered; add ?accept-memory=true to order it nevertheless");
            }
            return submit(command).map(submitted -> answer(command, submitted, before));
        });
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
        IntentView view = IntentView.of(intent, Optional.of(submitted.durability()));
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
