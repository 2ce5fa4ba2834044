package io.respawn.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Knows where the kernel counts the processes of a control group that it ended for want of memory: in {@code memory.events}
 * of version 2, in {@code memory.oom_control} of version 1. Where a group counts nothing, the next one above it does.
 */
public final class OomEvents {

    private static final String VERSION_2 = "memory.events";
    private static final String VERSION_1 = "memory.oom_control";
    private static final String COUNT = "oom_kill ";

    private final Path proc;
    private final List<Mount> mounts;

    /** A hierarchy that counts; {@code root} is the part of it that is seen here. */
    private record Mount(String root, Path place, boolean second) {}

    /** Of this machine; where hierarchies are mounted is looked up once. */
    public OomEvents() {
        this(Path.of("/proc"));
    }

    OomEvents(Path proc) {
        this.proc = proc;
        // id parent device ROOT PLACE options [tags] - TYPE source options
        this.mounts = lines(proc.resolve("self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 ") || isMemory(line))
                .map(line -> {
                    String[] fields = line.split(" ", -1);
                    return new Mount(fields[3], Path.of(fields[4]), line.contains(" - cgroup2 "));
                })
                .toList();
    }

    private static boolean isMemory(String line) {
        String options = line.substring(line.lastIndexOf(' ') + 1);
        return line.contains(" - cgroup ") && List.of(options.split(",", -1)).contains("memory");
    }

    /** The file that counts for a process, as long as that was not reaped; empty where there is none. */
    public Optional<Path> of(int pid) {
        return of(Integer.toString(pid));
    }

    /** The file that counts for this process. */
    public Optional<Path> ofSelf() {
        return of("self");
    }

    private Optional<Path> of(String process) {
        return lines(proc.resolve(process).resolve("cgroup")).stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .flatMap(parts -> mounts.stream()
                        .filter(mount -> mount.second() ? parts[1].isEmpty() : isMemoryGroup(parts[1]))
                        .flatMap(mount -> file(mount, parts[2]).stream()))
                .findFirst();
    }

    private static boolean isMemoryGroup(String controllers) {
        return List.of(controllers.split(",", -1)).contains("memory");
    }

    private static Optional<Path> file(Mount mount, String group) {
        Path at = mount.place().resolve(below(group, mount.root())).normalize();
        while (at != null && at.startsWith(mount.place())) {
            Path file = at.resolve(mount.second() ? VERSION_2 : VERSION_1);
            if (Files.isReadable(file)) {
                return Optional.of(file);
            }
            at = at.getParent();
        }
        return Optional.empty();
    }

    /** A container sees its part of the tree, but may be told the name in the whole of it. */
    private static String below(String group, String root) {
        String known = group.replaceFirst(" \\(deleted\\)$", "");
        boolean inside = !root.equals("/") && (known.equals(root) || known.startsWith(root + "/"));
        return (inside ? known.substring(root.length()) : known).replaceFirst("^/+", "");
    }

    /** How many it has ended so far; empty once the group is gone, and on kernels that do not count. */
    public static OptionalLong count(Path file) {
        return lines(file).stream()
                .filter(line -> line.startsWith(COUNT))
                .mapToLong(line -> Long.parseLong(line.substring(COUNT.length()).strip()))
                .findFirst();
    }

    /** None of what is gone or may not be read. */
    private static List<String> lines(Path file) {
        return ProcFs.read(file)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
                .orElse(List.of());
    }
}
