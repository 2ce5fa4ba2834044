package io.respawn.config;

import io.respawn.model.ReadyLine;
import io.respawn.model.StartPolicy;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads how a service comes up, and sees to it that there is one way to know that it has. */
final class StartReader {

    /** What the notify socket says to its services. */
    private static final Set<String> SPOKEN_FOR = Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private static final Duration SHORTEST_WATCHDOG = Duration.ofMillis(100);

    private final String path;
    private final ServiceConfig raw;
    private final Mistakes mistakes;
    private final Fields fields;

    private StartReader(String path, ServiceConfig raw, Mistakes mistakes) {
        this.path = path;
        this.raw = raw;
        this.mistakes = mistakes;
        this.fields = new Fields(path, mistakes);
    }

    /** The start of the service at the path. */
    static StartPolicy read(String path, ServiceConfig raw, Mistakes mistakes) {
        return new StartReader(path, raw, mistakes).read();
    }

    private StartPolicy read() {
        Duration timeout = fields.read("start-timeout", raw.startTimeout(), StartReader::positive)
                .orElse(StartPolicy.DEFAULT.timeout());
        boolean notifies = fields.read("notify", raw.notifies(), Values::truth).orElse(false);
        Optional<Duration> watchdog =
                raw.watchdog().flatMap(text -> fields.read("watchdog", text, StartReader::watchdog));
        Optional<ReadyLine> line = raw.readyLine().flatMap(text -> fields.read("ready-line", text, ReadyLine::new));
        boolean several = refuseSeveral(notifies);
        if (raw.watchdog().isPresent() && !notifies) {
            mistakes.add(
                    Paths.join(path, "watchdog"),
                    "Cannot watch for signs of life that have no way to come: set 'notify: true' or remove the watchdog");
            watchdog = Optional.empty();
        }
        if (notifies) {
            raw.environment().keySet().stream()
                    .filter(SPOKEN_FOR::contains)
                    .forEach(name -> mistakes.add(
                            Paths.join(Paths.join(path, "environment"), name),
                            "Cannot set this variable beside 'notify': the sidecar sets it itself; remove it"));
        }
        return several ? StartPolicy.DEFAULT : new StartPolicy(timeout, notifies, watchdog, line);
    }

    private boolean refuseSeveral(boolean notifies) {
        List<String> ways = new ArrayList<>();
        raw.startupProbe().ifPresent(ignored -> ways.add("startup-probe"));
        if (notifies) {
            ways.add("notify");
        }
        raw.readyLine().ifPresent(ignored -> ways.add("ready-line"));
        if (ways.size() < 2) {
            return false;
        }
        mistakes.add(
                Paths.join(path, ways.getLast()),
                "Cannot have " + ways.size() + " ways to know that it has come up (" + String.join(", ", ways)
                        + "): keep one of them");
        return true;
    }

    private static Duration positive(String text) {
        Duration duration = Values.duration(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(text) + "': it must be longer than nothing");
        }
        return duration;
    }

    private static Duration watchdog(String text) {
        Duration duration = Values.duration(text);
        if (duration.compareTo(SHORTEST_WATCHDOG) < 0) {
            throw new IllegalArgumentException(
                    "Cannot use '" + Text.shown(text) + "': a silence of at least 100ms is expected");
        }
        return duration;
    }
}
