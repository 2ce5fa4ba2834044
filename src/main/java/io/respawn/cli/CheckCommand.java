package io.respawn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what is wrong with a configuration, all of it, without running anything. */
@Command
final class CheckCommand implements Callable<Integer> {

    private final Sidecar sidecar;
    private final Output output;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (default: RESPAWN_CONFIG, else /etc/respawn/respawn.yaml if it is there).")
    private @Nullable Path configuration;

    @Option(names = "--format", paramLabel = "text|json", description = "How the answer is written (default: text).")
    private Output.Format format = Output.Format.TEXT;

    CheckCommand(Sidecar sidecar, Output output) {
        this.sidecar = sidecar;
        this.output = output;
    }

    @Override
    public Integer call() {
        return switch (sidecar.check(Optional.ofNullable(configuration))) {
            case Sidecar.Checked.Fine fine -> fine(fine);
            case Sidecar.Checked.Faulty faulty -> faulty(faulty);
        };
    }

    private int fine(Sidecar.Checked.Fine fine) {
        if (format == Output.Format.JSON) {
            output.json(Output.JSON.createObjectNode().put("ok", true).put("services", fine.services()));
        } else {
            output.line("ok, " + fine.services() + (fine.services() == 1 ? " service" : " services"));
        }
        return Exit.DONE;
    }

    private int faulty(Sidecar.Checked.Faulty faulty) {
        if (format == Output.Format.JSON) {
            ObjectNode answer = Output.JSON.createObjectNode().put("ok", false);
            faulty.mistakes().forEach(answer.putArray("mistakes")::add);
            output.json(answer);
        } else {
            faulty.mistakes().forEach(output::line);
        }
        return Exit.USAGE;
    }
}
