package io.respawn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the sidecar apply its configuration as it is now, or say what that would do; waits for the answer in any case. */
@Command
final class ApplyCommand extends SelfCommand {

    private final Output output;

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    ApplyCommand(Map<String, String> environment, Output output) {
        super("apply", environment, output);
        this.output = output;
    }

    @Override
    int call(Api api) {
        if (!dryRun) {
            return order(api, true);
        }
        JsonNode changes = api.dryRun();
        show(changes, () -> PlanText.changes(changes).forEach(output::line));
        return Exit.DONE;
    }
}
