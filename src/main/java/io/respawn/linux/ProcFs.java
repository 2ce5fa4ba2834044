package io.respawn.linux;

import io.respawn.linux.libc.Time;
import io.respawn.linux.libc.Unistd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code /proc}; what is gone or may not be read is empty.
 *
 * <p>By the calls of the kernel, as a process must not look gone because this one has no descriptor left, or because the
 * thread was interrupted.
 */
public final class ProcFs {

    private static final Path ROOT = Path.of("/proc");
    private static final int PIECE = 8192;

    /** How the JDK passes EMFILE and ENFILE on: in words only. */
    private static final String TOO_MANY_FILES = "Too many open files";

    private ProcFs() {}

    /**
     * What this process uses.
     *
     * @param residentBytes memory in RAM
     * @param openDescriptors open file descriptors
     * @param cpuTime processor time since its start
     */
    public record OwnUsage(long residentBytes, int openDescriptors, Duration cpuTime) {}

    /** State, parents and start time of a process. */
    public static Optional<ProcessStat> stat(int pid) {
        return read(pid, "stat")
                .filter(bytes -> bytes.length > 0)
                .map(bytes -> ProcessStat.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    /**
     * The environment it was started with. Programs that rewrite their title wipe it, other users' is unreadable, and for a
     * moment within an exec it is there but empty: ask again before a young process counts as one without.
     */
    public static Optional<Map<String, String>> environment(int pid) {
        return read(pid, "environ").map(bytes -> {
            Map<String, String> environment = new LinkedHashMap<>();
            for (String entry : split(bytes)) {
                int equals = entry.indexOf('=');
                if (equals > 0) {
                    environment.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
                }
            }
            return environment;
        });
    }

    /** Its arguments; an empty list for a zombie or a thread of the kernel. */
    public static Optional<List<String>> commandLine(int pid) {
        return read(pid, "cmdline").map(ProcFs::split);
    }

    /** The file it runs; after that was replaced, the name ends in " (deleted)". */
    public static Optional<Path> executable(int pid) {
        return link(process(pid).resolve("exe")).map(Path::of);
    }

    /** The directory it works in. */
    public static Optional<Path> workingDirectory(int pid) {
        return link(process(pid).resolve("cwd")).map(Path::of);
    }

    /** The lines of {@code /proc/PID/status} by name. */
    public static Optional<Map<String, String>> status(int pid) {
        return read(pid, "status").map(bytes -> {
            Map<String, String> status = new LinkedHashMap<>();
            new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    status.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            });
            return status;
        });
    }

    /** All processes of this PID namespace. */
    public static List<Integer> pids() {
        return numbers(ROOT);
    }

    /** The children of this process, ended ones included. Children that come or go meanwhile may be missed. */
    public static List<Integer> ownChildren() {
        List<Integer> children = new ArrayList<>();
        if (!Files.exists(ROOT.resolve("self/task/" + ownPid() + "/children"))) {
            return childrenByParent();
        }
        for (int thread : numbers(ROOT.resolve("self/task"))) {
            children.addAll(children(ROOT.resolve("self/task/" + thread + "/children")));
        }
        return children;
    }

    /** Where the calling thread is in {@code /proc}. */
    static Optional<Path> ownThread() {
        return link(ROOT.resolve("thread-self")).map(ROOT::resolve);
    }

    /** The children that one thread has started, ended ones included. */
    static List<Integer> children(Path list) {
        List<Integer> children = new ArrayList<>();
        read(list).ifPresent(listed -> {
            for (String child : new String(listed, StandardCharsets.US_ASCII).split(" ", -1)) {
                if (!child.isBlank()) {
                    children.add(Integer.parseInt(child.strip()));
                }
            }
        });
        return children;
    }

    /** For kernels built without the lists of children. */
    private static List<Integer> childrenByParent() {
        int self = ownPid();
        return pids().stream()
                .filter(pid -> stat(pid).filter(stat -> stat.parent() == self).isPresent())
                .toList();
    }

    /** The random name of this run of the machine. */
    public static String bootId() {
        return read(ROOT.resolve("sys/kernel/random/boot_id"))
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                .orElseThrow(() -> unreadable("/proc/sys/kernel/random/boot_id"));
    }

    /** The number of the PID namespace in which this process lives. */
    public static long pidNamespaceInode() {
        String target = link(ROOT.resolve("self/ns/pid")).orElseThrow(() -> unreadable("/proc/self/ns/pid"));
        return Long.parseLong(target.substring(target.indexOf('[') + 1, target.indexOf(']')));
    }

    /** Memory, descriptors and processor time of this process. */
    public static OwnUsage ownUsage() {
        String resident = status(ownPid()).map(status -> status.get("VmRSS")).orElse("0 kB");
        long kibibytes = Long.parseLong(resident.replace("kB", "").strip());
        // The listing itself holds one descriptor.
        int descriptors = Math.max(0, numbers(ROOT.resolve("self/fd")).size() - 1);
        Duration cpuTime = Duration.ofNanos(Time.clock_gettime(Time.CLOCK_PROCESS_CPUTIME_ID));
        return new OwnUsage(kibibytes * 1024, descriptors, cpuTime);
    }

    /** The user whose rights this process has. */
    public static int ownUser() {
        return Unistd.geteuid();
    }

    /** The number of this process. */
    public static int ownPid() {
        return Math.toIntExact(ProcessHandle.current().pid());
    }

    private static LinuxException unreadable(String file) {
        return new LinuxException("open", Errno.ENOENT, "read " + file + "; mount /proc");
    }

    private static Path process(int pid) {
        return ROOT.resolve(Integer.toString(pid));
    }

    private static Optional<byte[]> read(int pid, String file) {
        return read(process(pid).resolve(file));
    }

    static Optional<byte[]> read(Path file) {
        int fd = Reserve.DESCRIPTORS.open(() -> Unistd.open(file.toString(), Unistd.O_RDONLY | Unistd.O_CLOEXEC, 0));
        if (fd < 0) {
            Errno errno = Errno.of(fd);
            if (errno.isShortage()) {
                throw new LinuxException("open", errno, "read " + file);
            }
            return Optional.empty();
        }
        try (var descriptor = new Descriptor(file.toString(), fd)) {
            return content(descriptor);
        }
    }

    /** Empty if the process ended meanwhile. */
    private static Optional<byte[]> content(Descriptor file) {
        byte[] piece = new byte[PIECE];
        long read = Unistd.read(file.fd(), piece);
        byte[] content = new byte[0];
        while (read > 0) {
            content = Arrays.copyOf(content, content.length + (int) read);
            System.arraycopy(piece, 0, content, content.length - (int) read, (int) read);
            read = Unistd.read(file.fd(), piece);
        }
        return read < 0 ? Optional.empty() : Optional.of(content);
    }

    private static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException goneOrForbidden) {
            return Optional.empty();
        }
    }

    private static List<String> split(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.isEmpty()) {
            return List.of();
        }
        String body = text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
        return List.of(body.split("\0", -1));
    }

    private static List<Integer> numbers(Path directory) {
        try {
            return listed(directory);
        } catch (IOException unreadable) {
            if (String.valueOf(unreadable.getMessage()).contains(TOO_MANY_FILES)) {
                return Reserve.DESCRIPTORS.lend(() -> listedFromReserve(directory));
            }
            throw new LinuxException("opendir", Errno.ENOENT, "list " + directory + "; mount /proc");
        }
    }

    private static List<Integer> listedFromReserve(Path directory) {
        try {
            return listed(directory);
        } catch (IOException scarce) {
            throw new LinuxException("opendir", Errno.EMFILE, "list " + directory);
        }
    }

    private static List<Integer> listed(Path directory) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (Character.isDigit(name.charAt(0))) {
                    numbers.add(Integer.parseInt(name));
                }
            }
        }
        return numbers;
    }
}
