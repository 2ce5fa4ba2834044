package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what runs and why the rest does not. */
@Command
final class StatusCommand implements Callable<Integer> {

    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "This service only.")
    private @Nullable String service;

    StatusCommand(Map<String, String> environment, Output output) {
        this.output = output;
        this.client = new ClientOptions(environment);
    }

    @Override
    public Integer call() {
        try (Api api = client.api()) {
            JsonNode answer = api.services();
            List<JsonNode> services = chosen(answer.path("services"));
            if (!client.isJson()) {
                StatusText.lines(answer, services).forEach(output::line);
                if (service != null) {
                    StatusText.probes(answer, services.getFirst()).forEach(output::line);
                    UsageText.lines(answer, services.getFirst()).forEach(output::line);
                    ScheduleText.lines(answer, services.getFirst()).forEach(output::line);
                    StatusText.forwarding(services.getFirst()).forEach(output::line);
                }
            } else {
                output.json(service == null ? answer : services.getFirst());
            }
            return Exit.DONE;
        }
    }

    private List<JsonNode> chosen(JsonNode all) {
        List<JsonNode> chosen = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (JsonNode each : all) {
            String name = each.path("name").asText();
            names.add(name);
            if (service == null || service.equals(name)) {
                chosen.add(each);
            }
        }
        if (service != null && chosen.isEmpty()) {
            throw new CliException(
                    Exit.FAILED,
                    "Cannot find service '" + service + "': there "
                            + (names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
        }
        return chosen;
    }
}
