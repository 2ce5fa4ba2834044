package io.respawn.app;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Loads every class of this program ahead of its use. In a development mode the files of the classes change, and the class
 * loader is closed, while a core still runs on the classes from before.
 */
final class OwnClasses {

    private static final Logger LOG = Logger.getLogger(OwnClasses.class);
    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    /** From wherever this one came from; a class that cannot be loaded is left to whoever needs it. */
    static void load() {
        try {
            Path root = Path.of(OwnClasses.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            for (Path file : files(root)) {
                String name = root.relativize(file).toString().replace('/', '.');
                load(name.substring(0, name.length() - SUFFIX.length()));
            }
        } catch (IOException | URISyntaxException unusual) {
            LOG.warnf("Cannot load all classes ahead: %s; a reload may find some of them changed", unusual);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("io/respawn"))) {
            return all.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, OwnClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError unusable) {
            LOG.debugf("%s is not loaded ahead: %s", name, unusable);
        }
    }
}
