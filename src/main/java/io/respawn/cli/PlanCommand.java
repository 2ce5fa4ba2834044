package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the plan in force, and what the configuration says otherwise. */
@Command
final class PlanCommand implements Callable<Integer> {

    private final Output output;

    @Mixin
    private final ClientOptions client;

    PlanCommand(Map<String, String> environment, Output output) {
        this.output = output;
        this.client = new ClientOptions(environment);
    }

    @Override
    public Integer call() {
        try (Api api = client.api()) {
            JsonNode plan = api.plan();
            if (client.isJson()) {
                output.json(plan);
            } else {
                PlanText.lines(plan).forEach(output::line);
            }
            return Exit.DONE;
        }
    }
}
