package io.respawn.process;

import io.respawn.linux.LinuxException;
import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.OutputReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Knows where pipes and log files are: in the state directory, which the next sidecar knows too, or in one for this run. */
final class OutputPlaces {

    static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Logger LOG = System.getLogger(OutputPlaces.class.getName());

    private final Optional<Path> stateDirectory;
    private @Nullable Path pipes;

    OutputPlaces(Optional<Path> stateDirectory) {
        this.stateDirectory = stateDirectory;
    }

    /** Whether pipes have names that the next sidecar finds. */
    boolean isLasting() {
        return stateDirectory.isPresent();
    }

    synchronized Path pipes() throws IOException {
        Path known = pipes;
        if (known != null) {
            return known;
        }
        Path made;
        if (stateDirectory.isPresent()) {
            made = PipeFolder.in(stateDirectory.get());
        } else {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
            // A container with a read-only root still has a shared memory file system.
            Path parent = Files.isWritable(temporary) ? temporary : Path.of("/dev/shm");
            made = Files.createTempDirectory(parent, "respawn-output-", OWNER_ONLY);
        }
        pipes = made;
        return made;
    }

    /** Where the pipes are, if there was need for any. */
    synchronized Optional<Path> made() {
        return Optional.ofNullable(pipes);
    }

    /** They are where an earlier image of this process made them. */
    synchronized void goOn(Path from) {
        pipes = from;
    }

    /** The log file of an instance; none if it would be in a state directory and there is none. */
    Optional<Path> log(InstanceId instance, OutputPolicy.File policy) {
        String index = Integer.toString(instance.index());
        return policy.path()
                .map(text -> Path.of(text.replace(OutputPolicy.File.INSTANCE, index)))
                .or(() -> stateDirectory.map(
                        directory -> directory.resolve("logs").resolve(instance.service() + "-" + index + ".log")));
    }

    /** Removes the pipes that nobody looks for any more: those for this run only, and those in memory without a process. */
    synchronized void remove(Collection<InstanceId> instances) {
        Path made = pipes;
        if (made == null) {
            return;
        }
        List<String> names = instances.stream()
                .flatMap(instance ->
                        Stream.of(OutputReader.Stream.values()).map(stream -> InstanceOutput.name(instance, stream)))
                .toList();
        try {
            if (stateDirectory.isPresent()) {
                PipeFolder.remove(stateDirectory.get(), names);
                return;
            }
            for (String name : names) {
                Files.deleteIfExists(made.resolve(name));
            }
            Files.deleteIfExists(made);
        } catch (IOException | LinuxException failed) {
            LOG.log(Level.WARNING, "Cannot remove the pipes in " + made + ": " + failed + "; remove the directory");
        }
    }
}
