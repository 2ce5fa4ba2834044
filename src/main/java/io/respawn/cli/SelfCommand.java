package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives an order to the sidecar itself, by the name it was registered under. */
@Command
class SelfCommand implements Callable<Integer> {

    private final String action;
    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Mixin
    private final Requester requester;

    @Option(names = "--wait", description = "Wait until it has gone on, or says why not; the exit code then tells it.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "How long to wait, such as 30s (default: 60s).")
    private Duration timeout = Duration.ofSeconds(60);

    @Option(names = "--id", paramLabel = "ID", description = "Id of the order: the same id twice is carried out once.")
    private @Nullable String id;

    @Option(
            names = "--accept-memory",
            description = "Order it even if it can be kept in memory only, where it is lost with the sidecar.")
    private boolean acceptMemory;

    SelfCommand(String action, Map<String, String> environment, Output output) {
        this.action = action;
        this.output = output;
        this.client = new ClientOptions(environment);
        this.requester = new Requester(environment);
    }

    @Override
    public final Integer call() {
        try (Api api = client.api()) {
            return call(api);
        }
    }

    int call(Api api) {
        return order(api, wait);
    }

    /** Gives the order, and waits for its outcome if it should. */
    final int order(Api api, boolean waits) {
        JsonNode intent = action.equals("apply") ? api.apply(body(), acceptMemory) : api.respawn(body(), acceptMemory);
        if (waits) {
            intent = new OutcomeWait(api, timeout).end(intent);
        }
        JsonNode known = intent;
        show(known, () -> output.line(OrderCommand.words(known)));
        return OutcomeWait.exitCode(intent);
    }

    final void show(JsonNode answer, Runnable asText) {
        if (client.isJson()) {
            output.json(answer);
        } else {
            asText.run();
        }
    }

    private JsonNode body() {
        ObjectNode body = Output.JSON.createObjectNode();
        body.put("requestedBy", requester.name());
        requester.reason().ifPresent(why -> body.put("reason", why));
        if (id != null) {
            body.put("id", id);
        }
        return body;
    }
}
