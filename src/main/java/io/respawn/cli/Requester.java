package io.respawn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who orders something and why; both are kept with the order. */
final class Requester {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the order.")
    private @Nullable String reason;

    @Option(
            names = "--requested-by",
            paramLabel = "WHO",
            description = "Who; kept with the order (default: USER@HOSTNAME of the environment).")
    private @Nullable String requestedBy;

    private final Map<String, String> environment;

    Requester(Map<String, String> environment) {
        this.environment = environment;
    }

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    String name() {
        return requestedBy != null ? requestedBy : whoami();
    }

    private String whoami() {
        String user = Optional.ofNullable(environment.get("USER"))
                .or(() -> Optional.ofNullable(environment.get("LOGNAME")))
                .orElseGet(Requester::uid);
        String host = environment.getOrDefault("HOSTNAME", "");
        return host.isEmpty() ? user : user + "@" + host;
    }

    /** In a container there is often no name for a user. */
    private static String uid() {
        try {
            return "uid " + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return "unknown";
        }
    }
}
