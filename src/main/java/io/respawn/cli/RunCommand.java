package io.respawn.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Becomes the sidecar. */
@Command
final class RunCommand implements Callable<Integer> {

    private final Sidecar sidecar;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration (default: RESPAWN_CONFIG, else /etc/respawn/respawn.yaml if it is there).")
    private @Nullable Path configuration;

    @Option(names = "--id", paramLabel = "ID", description = "The sidecar's id; wins over the configuration.")
    private @Nullable String id;

    RunCommand(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    @Override
    public Integer call() {
        return sidecar.run(new Sidecar.RunRequest(Optional.ofNullable(configuration), Optional.ofNullable(id)));
    }
}
