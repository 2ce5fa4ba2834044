package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.LineTrigger;
import io.respawn.model.LineTrigger.Reaction;
import io.respawn.model.ReadyLine;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineTriggersConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsEveryKeyAndTheDefaults() {
        // when
        LoadResult result = load("""
                        heap: { pattern: "OutOf\\\\w+", action: restart, show-line: true }
                        stale: { pattern: expired, action: signal, signal: HUP, min-interval: 10m }
                        slow: { pattern: "took" }
                """);

        // then
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        assertThat(((LoadResult.Loaded) result)
                        .plan()
                        .service(new ServiceName("web"))
                        .orElseThrow()
                        .output()
                        .triggers())
                .containsExactly(
                        new LineTrigger(
                                "heap",
                                new ReadyLine("OutOf\\w+"),
                                Reaction.RESTART,
                                Optional.empty(),
                                Duration.ofMinutes(1),
                                true),
                        new LineTrigger(
                                "slow",
                                new ReadyLine("took"),
                                Reaction.REPORT,
                                Optional.empty(),
                                Duration.ofMinutes(1),
                                false),
                        new LineTrigger(
                                "stale",
                                new ReadyLine("expired"),
                                Reaction.SIGNAL,
                                Optional.of(Signal.HUP),
                                Duration.ofMinutes(10),
                                false));
    }

    @Test
    void blamesEachKeyByItsPath() {
        assertThat(mistakes("""
                        Loud: { pattern: x }
                        a: { pattern: "up (" }
                        b: { action: restart }
                        c: { pattern: x, action: reboot }
                        d: { pattern: x, action: signal }
                        e: { pattern: x, signal: HUP }
                        f: { pattern: x, action: signal, signal: QUIT }
                        g: { pattern: x, min-interval: 10ms }
                        h: { pattern: x, show-line: maybe }
                        i: { pattern: x, actoin: restart }
                """))
                .containsExactlyInAnyOrder(
                        "Loud (line 7): Cannot use 'Loud' as the name of a trigger: 1 to 16 characters of a-z, 0-9 and"
                                + " '-' are allowed",
                        "a.pattern (line 8): Cannot understand the pattern 'up (': Unclosed group at character 5",
                        "b.pattern (line 9): Cannot look for nothing: give a regular expression, such as"
                                + " \"OutOfMemoryError\"",
                        "c.action (line 10): Cannot use 'reboot': one of report, restart, signal is expected; did you"
                                + " mean 'report'?",
                        "d (line 11): Cannot send no signal: add the field 'signal', for example SIGHUP",
                        "e (line 12): Cannot send a signal and report: set the action to signal, or remove the signal",
                        "f.signal (line 13): Cannot send SIGQUIT to this service: allowed are [SIGHUP, SIGINT, SIGUSR1,"
                                + " SIGUSR2, SIGTERM]; add it to 'signals'",
                        "g.min-interval (line 14): Cannot answer lines every PT0.01S: at least 1s is expected, as a"
                                + " service may print thousands of them",
                        "h.show-line (line 15): Cannot use 'maybe': true or false is expected; write one of them",
                        "i.actoin (line 16): Cannot use 'actoin': there is no such key; did you mean 'action'?");
    }

    @Test
    void refusesTooMany() {
        String many = IntStream.range(0, 17)
                .mapToObj(i -> "                t" + i + ": { pattern: x }\n")
                .collect(Collectors.joining());
        assertThat(mistakes(many))
                .singleElement()
                .asString()
                .contains("Cannot look at each line for 17 triggers: up to 16 are allowed; join some patterns by |");
    }

    private LoadResult load(String triggers) {
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      output:
                        triggers:
                """ + triggers.indent(4);
        return ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
    }

    private List<String> mistakes(String triggers) {
        LoadResult result = load(triggers);
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result)
                .mistakes().stream()
                        .map(Mistake::toString)
                        .map(text -> text.replace("respawn.services.web.output.triggers.", ""))
                        .toList();
    }
}
