package io.respawn.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A control group with little memory, of whichever version this machine has; removed when it is closed. */
final class MemoryGroup implements AutoCloseable {

    private static final Path FIRST = Path.of("/sys/fs/cgroup/memory");
    private static final Path SECOND = Path.of("/sys/fs/cgroup");

    private final Path directory;

    private MemoryGroup(Path directory) {
        this.directory = directory;
    }

    /** Makes one; empty where nobody may. */
    static Optional<MemoryGroup> make(String name, long bytes) {
        return make(FIRST.resolve(name), "memory.limit_in_bytes", bytes)
                .or(() -> make(SECOND.resolve(name), "memory.max", bytes));
    }

    private static Optional<MemoryGroup> make(Path directory, String limit, long bytes) {
        try {
            Files.createDirectory(directory);
            try {
                Files.writeString(directory.resolve(limit), Long.toString(bytes));
                return Optional.of(new MemoryGroup(directory));
            } catch (IOException withoutMemory) {
                Files.delete(directory);
                return Optional.empty();
            }
        } catch (IOException notAllowed) {
            return Optional.empty();
        }
    }

    /** Where a process writes its number to be in it. */
    String door() {
        return directory.resolve("cgroup.procs").toString();
    }

    @Override
    public void close() {
        // The kernel may not have let go of the last process yet.
        Awaitility.await("the end of " + directory)
                .ignoreException(IOException.class)
                .until(() -> {
                    Files.delete(directory);
                    return true;
                });
    }
}
