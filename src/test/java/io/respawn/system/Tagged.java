package io.respawn.system;

import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process whose environment says that it belongs to a service of a sidecar.
 *
 * @param sessionLeader whether it is a main process, by its session
 */
record Tagged(int pid, String service, int instance, long incarnation, boolean sessionLeader) {

    /** All that are there now; what is dead but not yet reaped has no environment any more and is not among them. */
    static List<Tagged> of(String sidecar) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Integer::valueOf)
                    .flatMap(pid -> read(pid, sidecar).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list /proc", e);
        }
    }

    private static Optional<Tagged> read(int pid, String sidecar) {
        Map<String, String> environment = ProcFs.environment(pid).orElse(Map.of());
        if (!sidecar.equals(environment.get("RESPAWN_ID")) || !environment.containsKey("RESPAWN_SERVICE")) {
            return Optional.empty();
        }
        return ProcFs.stat(pid)
                .map(stat -> new Tagged(
                        pid,
                        environment.get("RESPAWN_SERVICE"),
                        Integer.parseInt(environment.get("RESPAWN_INSTANCE")),
                        Long.parseLong(environment.get("RESPAWN_INCARNATION")),
                        // Probes and hooks lead sessions of their own, and are nobody's main process.
                        leads(pid, stat) && !environment.containsKey("RESPAWN_HELPER")));
    }

    private static boolean leads(int pid, ProcessStat stat) {
        return stat.session() == pid;
    }

    /** The environment of what is dying is empty, and a pid is not used again that soon. */
    boolean isStillThere() {
        return !ProcFs.environment(pid).orElse(Map.of()).isEmpty();
    }

    /** The name of the instance, which one process at a time may carry. */
    String name() {
        return service + "-" + instance;
    }

    void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
