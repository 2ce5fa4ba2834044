package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.respawn.model.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
    private final Map<String, String> environment;
    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    private String service = "";

    @Option(names = "--wait", description = "Wait for the outcome; the exit code then tells it.")
    private boolean wait;

    @Option(
            names = "--until",
            paramLabel = "started|ready",
            description = "What counts as carried out (default: started). Implies --wait.")
    private @Nullable WaitFor until;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "How long to wait, such as 30s (default: 60s).")
    private Duration timeout = Duration.ofSeconds(60);

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the order.")
    private @Nullable String reason;

    @Option(
            names = "--requested-by",
            paramLabel = "WHO",
            description = "Who; kept with the order (default: USER@HOSTNAME of the environment).")
    private @Nullable String requestedBy;

    @Option(
            names = "--instance",
            paramLabel = "INDEX",
            description = "Only this instance, counted from 0; for restart, signal and reset.")
    private @Nullable Integer instance;

    @Option(
            names = "--if-incarnation",
            paramLabel = "N",
            description = "Only if the service still runs as incarnation N; else the order is rejected.")
    private @Nullable Long ifIncarnation;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the order: the same id twice is carried out once.")
    private @Nullable String id;

    @Option(
            names = "--accept-memory",
            description = "Order it even if it can be kept in memory only, where it is lost with the sidecar.")
    private boolean acceptMemory;

    OrderCommand(String action, Map<String, String> environment, Output output) {
        this.action = action;
        this.environment = environment;
        this.output = output;
        this.client = new ClientOptions(environment);
    }

    @Override
    public final Integer call() {
        try (Api api = client.api()) {
            JsonNode intent = api.order(service, action, body(), acceptMemory);
            if (wait || until != null) {
                intent = new OutcomeWait(api, timeout).end(intent);
            }
            if (client.isJson()) {
                output.json(intent);
            } else {
                output.line(words(intent));
            }
            return exitCode(intent);
        }
    }

    /** Says what this action needs beyond the service. */
    void complete(ObjectNode body) {}

    private JsonNode body() {
        ObjectNode body = Output.JSON.createObjectNode();
        body.put("requestedBy", requestedBy != null ? requestedBy : whoami());
        if (reason != null) {
            body.put("reason", reason);
        }
        if (instance != null) {
            body.put("instance", instance);
        }
        if (ifIncarnation != null) {
            body.put("ifIncarnation", ifIncarnation);
        }
        if (id != null) {
            body.put("id", id);
        }
        if (until != null) {
            body.put("wait", until.word());
        }
        complete(body);
        return body;
    }

    private String whoami() {
        String user = Optional.ofNullable(environment.get("USER"))
                .or(() -> Optional.ofNullable(environment.get("LOGNAME")))
                .orElseGet(OrderCommand::uid);
        String host = environment.getOrDefault("HOSTNAME", "");
        return host.isEmpty() ? user : user + "@" + host;
    }

    /** In a container there is often no name for a user. */
    private static String uid() {
        try {
            return "uid " + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return "unknown";
        }
    }

    private String words(JsonNode intent) {
        String what = action + " of " + service + ", order " + intent.path("id").asText();
        String outcome = intent.path("outcome").asText("");
        if (outcome.isEmpty()) {
            return what + ": accepted, durability " + intent.path("durability").asText("unknown");
        }
        String detail = intent.path("detail").asText("");
        return what + ": " + outcome + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    private static int exitCode(JsonNode intent) {
        return switch (intent.path("outcome").asText("")) {
            // Coalesced means that another order brought about what this one asked for.
            case "", "succeeded", "coalesced" -> Exit.DONE;
            default -> Exit.FAILED;
        };
    }
}
