package io.respawn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Orders another number of instances; those that stay keep their processes. */
@Command
final class ScaleCommand extends OrderCommand {

    @Parameters(index = "1", paramLabel = "COUNT", description = "How many instances, 1 to 1000.")
    private int count;

    ScaleCommand(Map<String, String> environment, Output output) {
        super("scale", environment, output);
    }

    @Override
    void complete(ObjectNode body) {
        body.put("instances", count);
    }
}
