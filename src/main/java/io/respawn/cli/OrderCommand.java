package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.respawn.model.WaitFor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives one order for one service, by the name it was registered under. */
@Command
class OrderCommand implements Callable<Integer> {

    private final String action;
    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    private String service = "";

    @Option(
            names = "--wait",
            paramLabel = "started|ready",
            arity = "0..1",
            fallbackValue = "started",
            preprocessor = AttachedOnly.class,
            description = "Wait for the outcome; the exit code then tells it. --wait=ready: the new process is ready.")
    private @Nullable WaitFor wait;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "How long to wait, such as 30s (default: 60s).")
    private Duration timeout = Duration.ofSeconds(60);

    @Mixin
    private final Requester requester;

    @Mixin
    private final Terms terms = new Terms();

    @Option(
            names = "--accept-memory",
            description = "Order it even if it can be kept in memory only, where it is lost with the sidecar.")
    private boolean acceptMemory;

    OrderCommand(String action, Map<String, String> environment, Output output) {
        this.action = action;
        this.output = output;
        this.client = new ClientOptions(environment);
        this.requester = new Requester(environment);
    }

    @Override
    public final Integer call() {
        try (Api api = client.api()) {
            JsonNode intent = api.order(service, action, body(), acceptMemory);
            if (wait != null) {
                intent = new OutcomeWait(api, timeout).end(intent);
            }
            if (client.isJson()) {
                output.json(intent);
            } else {
                output.line(words(intent));
            }
            return OutcomeWait.exitCode(intent);
        }
    }

    /** Says what this action needs beyond the service. */
    void complete(ObjectNode body) {}

    private JsonNode body() {
        ObjectNode body = Output.JSON.createObjectNode();
        body.put("requestedBy", requester.name());
        requester.reason().ifPresent(why -> body.put("reason", why));
        terms.addTo(body);
        if (wait != null) {
            body.put("wait", wait.word());
        }
        complete(body);
        return body;
    }

    /** Behind an order nobody has waited for stands where it is kept; behind others what became of them. */
    static String words(JsonNode intent) {
        return intent.hasNonNull("outcome")
                ? IntentText.headline(intent)
                : IntentText.subject(intent) + ": accepted, durability "
                        + intent.path("durability").asText("unknown");
    }
}
