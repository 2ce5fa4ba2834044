package io.respawn.cli;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all verbs that talk to a running sidecar. */
final class ClientOptions {

    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the sidecar listens (default: RESPAWN_URL, else " + DEFAULT_URL + ").")
    private @Nullable String url;

    @Option(names = "--format", paramLabel = "text|json", description = "How the answer is written (default: text).")
    private Output.Format format = Output.Format.TEXT;

    private final Map<String, String> environment;

    ClientOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    boolean isJson() {
        return format == Output.Format.JSON;
    }

    Api api() {
        String text = url != null ? url : environment.getOrDefault("RESPAWN_URL", DEFAULT_URL);
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme());
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null && uri.getQuery() == null) {
                return new Api(uri);
            }
        } catch (IllegalArgumentException e) {
            throw unusable(text, e);
        }
        throw unusable(text, null);
    }

    private static CliException unusable(String text, @Nullable Throwable cause) {
        return new CliException(
                Exit.USAGE, "Cannot use '" + text + "' as the sidecar's URL: write for example " + DEFAULT_URL, cause);
    }
}
