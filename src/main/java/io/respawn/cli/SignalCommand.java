package io.respawn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has a service sent a signal by its name; which ones may be sent, its configuration says. */
@Command
final class SignalCommand extends OrderCommand {

    @Parameters(index = "1", paramLabel = "SIGNAL", description = "The signal, such as HUP or SIGUSR1.")
    private String signal = "";

    SignalCommand(Map<String, String> environment, Output output) {
        super("signal", environment, output);
    }

    @Override
    void complete(ObjectNode body) {
        body.put("signal", signal);
    }
}
