package io.respawn.linux;

import io.respawn.linux.libc.Unistd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Reads from {@code /proc} what processes use; what is gone or may not be read is empty. It keeps its memory from one
 * reading to the next, so it is for one thread.
 */
public final class UsageReader {

    private static final Path ROOT = Path.of("/proc");

    /** Since Linux 6.2 the size of the directory is the number of descriptors; before, it has to be listed. */
    private static final boolean SIZE_COUNTS = size(ROOT.resolve("self/fd")).orElse(0) > 0;

    private final byte[] buffer = new byte[2048];
    private final int pageSize = Unistd.getpagesize();

    /** All but what takes long to find out. */
    public Optional<ProcessUsage> usage(int pid) {
        int length = read("/proc/" + pid + "/stat");
        return length > 0 ? Optional.of(ProcessUsage.parse(buffer, length, pageSize)) : Optional.empty();
    }

    /** How many descriptors it has open; only its own user and those with the right to trace it may know on old kernels. */
    public OptionalInt descriptors(int pid) {
        Path directory = ROOT.resolve(pid + "/fd");
        if (SIZE_COUNTS) {
            OptionalLong size = size(directory);
            return size.isPresent() ? OptionalInt.of((int) size.getAsLong()) : OptionalInt.empty();
        }
        try (Stream<Path> open = Files.list(directory)) {
            return OptionalInt.of((int) open.count());
        } catch (IOException goneOrForbidden) {
            return OptionalInt.empty();
        }
    }

    /**
     * Its memory as the kernel finds it page by page, which takes about a millisecond for a gibibyte.
     *
     * @param shared whether a page that several processes share counts in parts, as many as there are sharers
     */
    public OptionalLong exactBytes(int pid, boolean shared) {
        int length = read("/proc/" + pid + "/smaps_rollup");
        String name = shared ? "Pss:" : "Rss:";
        return length <= 0
                ? OptionalLong.empty()
                : new String(buffer, 0, length, StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> line.startsWith(name))
                        .map(line ->
                                line.substring(name.length()).replace("kB", "").strip())
                        .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                        .findFirst();
    }

    /** How many bytes were read; none, or an error number, of what is gone. */
    private int read(String file) {
        int fd = Unistd.open(file, Unistd.O_RDONLY | Unistd.O_CLOEXEC, 0);
        if (fd < 0) {
            if (Errno.of(fd).isShortage()) {
                throw new LinuxException("open", Errno.of(fd), "read " + file);
            }
            return 0;
        }
        try (var open = new Descriptor(file, fd)) {
            return (int) Unistd.read(open.fd(), buffer);
        }
    }

    private static OptionalLong size(Path directory) {
        try {
            return OptionalLong.of(Files.size(directory));
        } catch (IOException goneOrForbidden) {
            return OptionalLong.empty();
        }
    }
}
