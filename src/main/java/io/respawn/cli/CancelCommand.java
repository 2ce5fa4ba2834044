package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes an order back that has not begun. */
@Command
final class CancelCommand implements Callable<Integer> {

    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Mixin
    private final Requester requester;

    @Parameters(paramLabel = "ID", description = "The order; 'respawn intents --state open' lists those there are.")
    private String id = "";

    @Option(
            names = "--accept-memory",
            description = "Do it even if that can be kept in memory only, where it is lost with the sidecar.")
    private boolean acceptMemory;

    CancelCommand(Map<String, String> environment, Output output) {
        this.output = output;
        this.client = new ClientOptions(environment);
        this.requester = new Requester(environment);
    }

    @Override
    public Integer call() {
        Query query = new Query()
                .with("requested-by", requester.name())
                .with("reason", requester.reason().orElse(null))
                .with("accept-memory", acceptMemory ? "true" : null);
        try (Api api = client.api()) {
            JsonNode intent = api.cancel(id, query);
            if (client.isJson()) {
                output.json(intent);
            } else {
                output.line(IntentText.headline(intent));
            }
            return Exit.DONE;
        }
    }
}
