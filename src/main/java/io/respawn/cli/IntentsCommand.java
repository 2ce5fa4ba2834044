package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows who ordered what, and what became of it. */
@Command
final class IntentsCommand implements Callable<Integer> {

    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "All about this order (default: list the newest).")
    private @Nullable String id;

    @Option(names = "--service", paramLabel = "SERVICE", description = "Only orders for this service.")
    private @Nullable String service;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only those that are: open (pending or started), pending, started, ended, succeeded, failed,"
                    + " rejected, expired, coalesced, cancelled. Several with a comma.")
    private List<String> states = List.of();

    @Option(names = "--requested-by", paramLabel = "WHO", description = "Only those that this one ordered.")
    private @Nullable String requestedBy;

    @Option(names = "--limit", paramLabel = "N", description = "How many at the most, 1 to 1000 (default: 20).")
    private int limit = 20;

    @Option(names = "--wait", description = "Of one order: wait for its outcome; the exit code then tells it.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "How long to wait, such as 30s (default: 60s).")
    private Duration timeout = Duration.ofSeconds(60);

    IntentsCommand(Map<String, String> environment, Output output) {
        this.output = output;
        this.client = new ClientOptions(environment);
    }

    @Override
    public Integer call() {
        boolean filters = service != null || requestedBy != null || !states.isEmpty();
        if (id != null && filters) {
            throw new CliException(
                    Exit.USAGE, "Cannot both show one order and choose among all: leave out one of them");
        }
        if (id == null && wait) {
            throw new CliException(
                    Exit.USAGE, "Cannot wait for all orders: name one, as in 'respawn intents ID --wait'");
        }
        try (Api api = client.api()) {
            return id == null ? list(api, filters) : one(api, id);
        }
    }

    private int list(Api api, boolean filters) {
        Query query = new Query().with("service", service).with("requested-by", requestedBy);
        states.forEach(state -> query.with("state", state));
        JsonNode answer = api.intents(query.with("limit", String.valueOf(limit)));
        if (client.isJson()) {
            output.json(answer);
        } else if (answer.path("intents").isEmpty()) {
            output.line(filters ? "There are no such orders." : "No orders have been given yet.");
        } else {
            IntentText.table(answer).forEach(output::line);
        }
        return Exit.DONE;
    }

    private int one(Api api, String name) {
        JsonNode intent = api.intent(name);
        if (wait) {
            intent = new OutcomeWait(api, timeout).end(intent);
        }
        if (client.isJson()) {
            output.json(intent);
        } else {
            IntentText.details(intent).forEach(output::line);
        }
        return wait ? OutcomeWait.exitCode(intent) : Exit.DONE;
    }
}
