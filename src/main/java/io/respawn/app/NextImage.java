package io.respawn.app;

import io.respawn.linux.SelfExec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The program that is on the disk now, as this process was started. It goes without the ahead-of-time cache if that was
 * recorded of other jars: some virtual machines (JDK-8377932) do not compare the jars, and would run the classes of the old
 * ones.
 */
record NextImage(SelfExec.Image image) {

    private static final Logger LOG = Logger.getLogger(NextImage.class);
    private static final List<String> CACHES = List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=");

    /** Beside a cache: size, second of the last change and path of each jar that it was recorded of. */
    private static final String JARS = "respawn.jars";

    static NextImage look() {
        SelfExec.Image again = SelfExec.Image.again(Set.of(), Set.of());
        List<String> arguments =
                again.arguments().stream().filter(NextImage::isUsable).toList();
        return new NextImage(again.withArguments(arguments));
    }

    private static boolean isUsable(String argument) {
        return CACHES.stream()
                .filter(argument::startsWith)
                .flatMap(option -> changed(argument.substring(option.length())).stream())
                .peek(jar -> LOG.warnf(
                        "The ahead-of-time cache was recorded of another %s: the new image runs without it, and starts more"
                                + " slowly; install a folder with its own cache, and restart the sidecar",
                        jar))
                .findAny()
                .isEmpty();
    }

    /** A jar that is another one now, of those of a cache; of a foreign cache nothing is known. */
    static Optional<Path> changed(String cache) {
        Path list = Path.of(cache.split(":", 2)[0]).resolveSibling(JARS);
        try {
            for (String line : Files.readAllLines(list)) {
                String[] recorded = line.split(" ", 3);
                Path jar = list.resolveSibling(recorded[2]).normalize();
                if (!recorded[0].equals(size(jar)) || !recorded[1].equals(changedAt(jar))) {
                    return Optional.of(jar);
                }
            }
        } catch (IOException unknown) {
            LOG.debugf("Which jars %s was recorded of is not known: %s", cache, unknown);
        }
        return Optional.empty();
    }

    private static String size(Path jar) throws IOException {
        return Files.exists(jar) ? Long.toString(Files.size(jar)) : "";
    }

    private static String changedAt(Path jar) throws IOException {
        return Long.toString(Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS));
    }

    /** The same with what it inherits. */
    SelfExec.Image with(Set<Integer> kept, Set<Integer> blockedSignals) {
        return new SelfExec.Image(
                image.executable(), image.arguments(), image.environment(), Set.copyOf(kept), blockedSignals);
    }
}
