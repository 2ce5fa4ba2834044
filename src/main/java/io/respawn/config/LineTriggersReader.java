package io.respawn.config;

import io.respawn.model.LineTrigger;
import io.respawn.model.LineTrigger.Reaction;
import io.respawn.model.ReadyLine;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads which lines of a service are answered. Each value is checked alone first, so that its own path is blamed. */
final class LineTriggersReader {

    private static final ReadyLine ANY = new ReadyLine("x");
    private static final String ANY_NAME = "any";

    private final Set<Signal> allowed;
    private final Mistakes mistakes;

    private LineTriggersReader(Set<Signal> allowed, Mistakes mistakes) {
        this.allowed = allowed;
        this.mistakes = mistakes;
    }

    /** Those at the path; {@code allowed} are the signals that an order may send. */
    static List<LineTrigger> read(String path, Map<String, TriggerConfig> raw, Set<Signal> allowed, Mistakes mistakes) {
        if (raw.size() > LineTrigger.MOST) {
            mistakes.add(
                    path,
                    "Cannot look at each line for " + raw.size() + " triggers: up to " + LineTrigger.MOST
                            + " are allowed; join some patterns by |");
        }
        var reader = new LineTriggersReader(allowed, mistakes);
        List<LineTrigger> read = new ArrayList<>();
        // A map of the configuration has no order of its own.
        new TreeMap<>(raw)
                .forEach((name, trigger) ->
                        reader.trigger(Paths.join(path, name), name, trigger).ifPresent(read::add));
        return read;
    }

    private Optional<LineTrigger> trigger(String path, String name, TriggerConfig raw) {
        Fields fields = new Fields(path, mistakes);
        if (raw.pattern().isEmpty()) {
            mistakes.add(
                    Paths.join(path, "pattern"),
                    "Cannot look for nothing: give a regular expression, such as \"OutOfMemoryError\"");
        }
        ReadyLine line = raw.pattern()
                .flatMap(text -> fields.read("pattern", text, ReadyLine::new))
                .orElse(ANY);
        Reaction reaction = fields.read("action", raw.action(), text -> Values.word(text, Reaction.class))
                .orElse(Reaction.REPORT);
        Optional<Signal> signal = raw.signal().flatMap(text -> fields.read("signal", text, this::signal));
        Duration apart = fields.read(
                        "min-interval",
                        raw.minInterval(),
                        text -> new LineTrigger(
                                        ANY_NAME, ANY, Reaction.REPORT, Optional.empty(), Values.duration(text), false)
                                .apart())
                .orElse(LineTrigger.DEFAULT_APART);
        boolean shows = fields.read("show-line", raw.showLine(), Values::truth).orElse(false);
        return mistakes.concern(path)
                ? Optional.empty()
                : mistakes.attempt(path, () -> new LineTrigger(name, line, reaction, signal, apart, shows));
    }

    private Signal signal(String text) {
        Signal signal = Values.signal(text);
        if (!allowed.contains(signal)) {
            throw new IllegalArgumentException("Cannot send " + signal + " to this service: allowed are "
                    + allowed.stream().sorted().toList() + "; add it to 'signals'");
        }
        return signal;
    }
}
