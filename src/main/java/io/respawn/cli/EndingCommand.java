package io.respawn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Orders what ends processes, and may say how long they have for that. */
@Command
final class EndingCommand extends OrderCommand {

    @Option(
            names = "--grace-period",
            paramLabel = "SPAN",
            converter = Spans.class,
            description =
                    "Time until SIGKILL, such as 5s (default: as configured). A stop that says so overtakes one that"
                            + " would take longer.")
    private @Nullable Duration gracePeriod;

    EndingCommand(String action, Map<String, String> environment, Output output) {
        super(action, environment, output);
    }

    @Override
    void complete(ObjectNode body) {
        if (gracePeriod != null) {
            body.put("gracePeriod", gracePeriod.toString());
        }
    }
}
