package io.respawn.app;

import io.respawn.codec.CodecException;
import io.respawn.linux.Duplicates;
import io.respawn.linux.FileLock;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Memfd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What the image before this one left, named by a variable of the environment: the descriptor of the capsule, that of the
 * lock or {@code -}, and the file with the second copy, after colons.
 */
final class Inheritance {

    static final String VARIABLE = "RESPAWN_CAPSULE";

    /** The same within one JVM, as a property: the descriptor of the capsule, then those in it, separated by commas. */
    static final String PROPERTY = "io.respawn.capsule";

    /** The name of the memory file. */
    static final String MEMORY = "respawn-capsule";

    private static final String OWN_DESCRIPTORS = "/proc/self/fd";
    private static final String NONE = "-";

    private Inheritance() {}

    static String text(int memory, Optional<Capsule.Place> place, Optional<Path> file) {
        return memory + ":" + place.map(held -> Integer.toString(held.lock())).orElse(NONE) + ":"
                + file.map(Path::toString).orElse(NONE);
    }

    static String text(int memory, Capsule capsule) {
        return IntStream.concat(
                        IntStream.of(memory), capsule.descriptors().stream().mapToInt(Integer::intValue))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    /**
     * The capsule that another program left in this JVM; without a readable one everything starts like after a crash. It
     * stays where it is until {@link #taken}.
     */
    static Optional<Capsule> find() {
        List<Integer> descriptors = left();
        if (descriptors.isEmpty()) {
            return Optional.empty();
        }
        Optional<Capsule> capsule = content(descriptors.getFirst());
        if (capsule.isEmpty()) {
            descriptors.forEach(Duplicates::close);
            System.clearProperty(PROPERTY);
        }
        return capsule;
    }

    /** What is in it is somebody's now. */
    static void taken() {
        left().stream().limit(1).forEach(Duplicates::close);
        System.clearProperty(PROPERTY);
    }

    private static List<Integer> left() {
        String text = System.getProperty(PROPERTY, "");
        return Stream.of(text.split(",", -1))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    /** The capsule, if this process is a new image of a sidecar; without a readable one it starts like after a crash. */
    static Optional<Capsule> take() {
        String text = System.getenv(VARIABLE);
        String[] parts = text == null ? new String[0] : text.split(":", 3);
        if (parts.length < 3 || !isCapsule(parts[0])) {
            return Optional.empty();
        }
        Optional<Capsule> capsule = fromMemory(Integer.parseInt(parts[0])).or(() -> fromFile(parts[2]));
        if (capsule.isEmpty() && !parts[1].equals(NONE)) {
            release(Integer.parseInt(parts[1]), Path.of(parts[2]));
        }
        return capsule;
    }

    /** The variable may have been copied by somebody else's hand, with numbers that mean nothing here. */
    private static boolean isCapsule(String descriptor) {
        try {
            return Files.readSymbolicLink(Path.of(OWN_DESCRIPTORS, descriptor))
                    .toString()
                    .startsWith("/memfd:" + MEMORY);
        } catch (IOException none) {
            log().debug("No capsule was handed over", none);
            return false;
        }
    }

    private static Optional<Capsule> fromMemory(int descriptor) {
        Optional<Capsule> capsule = content(descriptor);
        Duplicates.close(descriptor);
        return capsule;
    }

    private static Optional<Capsule> content(int descriptor) {
        try {
            return Optional.of(opened(bytes(descriptor)));
        } catch (CodecException | LinuxException unreadable) {
            log().error("Cannot go on from the capsule in memory", unreadable);
            return Optional.empty();
        }
    }

    /** By the file system where that can be, since a new image has no calls of the C library at hand yet. */
    private static byte[] bytes(int descriptor) {
        try {
            return Files.readAllBytes(Path.of(OWN_DESCRIPTORS, Integer.toString(descriptor)));
        } catch (IOException notAgain) {
            log().debug("The capsule cannot be opened once more, and is read as it is", notAgain);
            return Memfd.inherited(descriptor).content();
        }
    }

    private static Optional<Capsule> fromFile(String file) {
        if (file.equals(NONE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(opened(Files.readAllBytes(Path.of(file))));
        } catch (CodecException | IOException unreadable) {
            log().error("Cannot go on from the capsule's copy; the services are found as after a crash", unreadable);
            return Optional.empty();
        }
    }

    private static Capsule opened(byte[] sealed) {
        List<String> unknown = new ArrayList<>();
        Capsule capsule = Capsule.read(sealed, unknown);
        if (!unknown.isEmpty()) {
            log().warnf("Skipped what another version put into the capsule: %s", unknown);
        }
        return capsule;
    }

    /** Whoever starts like after a crash takes the lock by itself. */
    private static void release(int lock, Path file) {
        FileLock.inherited(lock, file.resolveSibling("lock")).ifPresent(FileLock.Lock::close);
    }

    /** Not before somebody has something to say: see {@link Forerunner}. */
    private static Logger log() {
        return Logger.getLogger(Inheritance.class);
    }
}
