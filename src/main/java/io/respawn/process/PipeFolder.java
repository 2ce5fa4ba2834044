package io.respawn.process;

import io.respawn.linux.Fifo;
import io.respawn.linux.PrivateDirectory;
import io.respawn.linux.PrivateDirectory.Outcome;
import io.respawn.linux.ProcFs;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of named pipes in a state directory. Where it can be, it is a link to a folder in memory: nothing in a pipe
 * outlives the machine, and a disk takes longer to make a pipe than the kernel to start a process.
 */
final class PipeFolder {

    private static final Logger LOG = System.getLogger(PipeFolder.class.getName());
    private static final String NAME = "output";
    private static final String IN_MEMORY = "tmpfs";

    /** The last user of the system itself: what the others have in shared memory may be removed when they log out. */
    private static final int LAST_SYSTEM_USER = 999;

    private PipeFolder() {}

    /** Finds it, or makes it; the same name in every life, whoever follows the link. */
    static Path in(Path stateDirectory) throws IOException {
        return in(stateDirectory, inMemory());
    }

    static Path in(Path stateDirectory, List<Path> inMemory) throws IOException {
        Path named = stateDirectory.resolve(NAME);
        if (Files.isSymbolicLink(named)) {
            if (isUsable(Files.readSymbolicLink(named))) {
                return named;
            }
            Files.delete(named);
        }
        if (!Files.isDirectory(named, LinkOption.NOFOLLOW_LINKS)) {
            String mark = "respawn-" + mark(stateDirectory);
            Optional<Path> folder = inMemory.stream()
                    .map(parent -> parent.resolve(mark))
                    .filter(PipeFolder::isUsable)
                    .findFirst();
            if (folder.isPresent()) {
                return Files.createSymbolicLink(named, folder.get());
            }
        }
        return Files.createDirectories(named, OutputPlaces.OWNER_ONLY);
    }

    /** Ours alone; a restart of the machine, or another container, may have taken it away. */
    private static boolean isUsable(Path folder) {
        return switch (PrivateDirectory.prepare(folder)) {
            case Outcome.Ready ignored -> true;
            case Outcome.Refused refused -> {
                LOG.log(Level.DEBUG, "Pipes stay in the state directory: {0}", refused.words());
                yield false;
            }
        };
    }

    private static List<Path> inMemory() {
        return ProcFs.ownUser() > LAST_SYSTEM_USER
                ? List.of()
                : List.of(Path.of("/run"), Path.of("/dev/shm")).stream()
                        .filter(PipeFolder::isInMemory)
                        .toList();
    }

    private static boolean isInMemory(Path directory) {
        try {
            return Files.isWritable(directory)
                    && Files.getFileStore(directory).type().equals(IN_MEMORY);
        } catch (IOException unknown) {
            LOG.log(Level.DEBUG, "Cannot tell what " + directory + " is; pipes are made elsewhere", unknown);
            return false;
        }
    }

    /** Another state directory has another one, also if it has the same name in another mount namespace. */
    private static String mark(Path stateDirectory) throws IOException {
        Map<String, Object> directory = Files.readAttributes(stateDirectory, "unix:dev,ino");
        return directory.get("dev") + "-" + directory.get("ino");
    }

    /** Removes what is in memory, at the end of a sidecar that leaves no process behind: nobody else would. */
    static void remove(Path stateDirectory, Collection<String> pipes) throws IOException {
        Path named = stateDirectory.resolve(NAME);
        if (!Files.isSymbolicLink(named)) {
            return;
        }
        Path folder = Files.readSymbolicLink(named);
        for (String pipe : pipes) {
            if (!Fifo.isHeld(folder.resolve(pipe))) {
                Files.deleteIfExists(folder.resolve(pipe));
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            if (left.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(named);
        Files.delete(folder);
    }
}
