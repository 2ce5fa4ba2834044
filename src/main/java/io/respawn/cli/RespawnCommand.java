package io.respawn.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a verb: it says which verbs there are. */
@Command(
        name = "respawn",
        description = "Keeps processes alive, takes orders for them, and can replace itself.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the order was refused, or it failed",
            "2:the command line or the configuration cannot be used",
            "3:no sidecar answers",
            "4:the time was over before the outcome was known"
        },
        synopsisSubcommandLabel = "VERB")
final class RespawnCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "Cannot do nothing: name a verb");
    }
}
