package io.respawn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A service as a script that appends a line to one file for each of its starts, before it can be stopped. */
record StartLog(Path folder) {

    /**
     * A start.
     *
     * @param intent the order that it was made for, {@code -} without one
     * @param at to a hundredth of a second
     */
    record Start(String service, int instance, long incarnation, String intent, long pid, Instant at) {

        private static Start of(String line, Instant boot) {
            String[] parts = line.split(" ", -1);
            return new Start(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    Long.parseLong(parts[2]),
                    parts[3],
                    Long.parseLong(parts[4]),
                    boot.plusMillis(millis(parts[5])));
        }

        String name() {
            return service + "-" + instance;
        }
    }

    /** What a service is configured by. */
    String service() {
        Path script = folder.resolve("service.sh");
        try {
            // One write, so that the lines of several services do not mix.
            Files.writeString(script, """
                    read up rest < /proc/uptime
                    echo "$RESPAWN_SERVICE $RESPAWN_INSTANCE $RESPAWN_INCARNATION ${RESPAWN_INTENT:--} $$ $up" >> '%s'
                    trap 'exit 0' WINCH
                    sleep 10000 &
                    wait
                    """.formatted(file()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + script, e);
        }
        return """
                command: [ /bin/sh, '%s' ], restart: { backoff: { delay: 20ms, factor: 1, jitter: 0 } }, %s""".formatted(script, stop());
    }

    /**
     * How a script is stopped that first writes a line and then asks for WINCH. That is ignored until the script asks for it,
     * so that no stop comes before the line; it is sent again and again, for the time between the two, over six seconds.
     */
    static String stop() {
        String steps = String.join(
                ", ",
                List.of(50, 100, 100, 200, 250, 300, 500, 1000, 1500, 2000).stream()
                        .map(millis -> "{ signal: SIGWINCH, wait: " + millis + "ms }")
                        .toList());
        return "stop: { steps: [ " + steps + " ] }";
    }

    List<Start> starts() {
        try {
            String uptime = Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0];
            Instant boot = Instant.now().minusMillis(millis(uptime));
            return Files.exists(file())
                    ? Files.readAllLines(file()).stream()
                            .map(line -> Start.of(line, boot))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file(), e);
        }
    }

    /** The newest incarnation of any instance of a service, 0 without a start. */
    long newest(String service) {
        return starts().stream()
                .filter(start -> start.service().equals(service))
                .mapToLong(Start::incarnation)
                .max()
                .orElse(0);
    }

    private static long millis(String seconds) {
        return Math.round(Double.parseDouble(seconds) * 1000);
    }

    private Path file() {
        return folder.resolve("starts");
    }
}
