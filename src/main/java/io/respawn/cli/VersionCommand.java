package io.respawn.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says which Respawn this is, and on which Java. */
@Command
final class VersionCommand implements Callable<Integer> {

    /** A native executable has no jar to ask: it keeps what its build said, as this class is initialised there. */
    private static final Optional<String> BUILT = Optional.ofNullable(System.getProperty("io.respawn.version"));

    private final Output output;

    VersionCommand(Output output) {
        this.output = output;
    }

    @Override
    public Integer call() {
        String version = Optional.ofNullable(Cli.class.getPackage().getImplementationVersion())
                .or(() -> BUILT)
                .orElse("(not run from its jar)");
        output.line("respawn " + version + ", Java " + Runtime.version());
        return Exit.DONE;
    }
}
