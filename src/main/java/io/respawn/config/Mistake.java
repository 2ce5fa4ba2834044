package io.respawn.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param path the key, such as {@code respawn.services.web.restart.backoff.factor}, or the file where none fits
 * @param origin where the value stands: {@code line 12}, {@code environment}, {@code system property}, or empty
 * @param message what was found, the rule and the remedy; never the value of an environment variable
 */
public record Mistake(String path, String origin, String message) {

    @Override
    public String toString() {
        return path + (origin.isEmpty() ? "" : " (" + origin + ")") + ": " + message;
    }
}
