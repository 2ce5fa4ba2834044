package io.respawn.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a service wrote, and goes on as it writes. */
@Command
final class LogsCommand implements Callable<Integer> {

    private final Output output;

    @Mixin
    private final ClientOptions client;

    @Parameters(paramLabel = "SERVICE", description = "The service.")
    private String service = "";

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many of the last lines, 0 to 1000 (default: 100).")
    private int lines = 100;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with every line as it is written, until interrupted.")
    private boolean follow;

    @Option(names = "--instance", paramLabel = "INDEX", description = "This instance only (default: all).")
    private @Nullable Integer instance;

    LogsCommand(Map<String, String> environment, Output output) {
        this.output = output;
        this.client = new ClientOptions(environment);
    }

    @Override
    public Integer call() {
        try (Api api = client.api()) {
            api.logs(service, query(), follow, this::show);
            return Exit.DONE;
        }
    }

    private String query() {
        return "?lines=" + lines + "&follow=" + follow + (instance == null ? "" : "&instance=" + instance)
                + (client.isJson() ? "&format=json" : "");
    }

    /** Says false when nobody takes the lines any more, as behind {@code respawn logs web | head}. */
    private boolean show(String line) {
        output.out().println(Ascii.withoutControls(line));
        return !output.out().checkError();
    }
}
