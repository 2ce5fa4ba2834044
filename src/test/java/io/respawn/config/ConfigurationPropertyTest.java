package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds damaged and random files; {@code -Dseed=} repeats a run. */
class ConfigurationPropertyTest {

    /** Each reads a file whole, which takes milliseconds; {@code -Dcases=} looks longer. */
    private static final int CASES = Integer.getInteger("cases", 300);

    private static final String WHOLE = """
            respawn:
              id: ${HOSTNAME}
              labels: { app: shop }
              state-directory: /run/respawn/shop
              services:
                web: &web
                  command: [ "/srv/web", "--port", '9100' ]
                  environment: { MODE: prod, SECRET: hunter2 }
                  instances: 1
                  essential: true
                  depends-on: { db: ready }
                  after: [ db ]
                  restart:
                    policy: always
                    success-exit-codes: [ 0 ]
                    backoff: { delay: 500ms, factor: 2.0, limit: 30s, jitter: 0.1, reset-after: 30s }
                  start-timeout: 30s
                  ready-line: "up [a-z]+ (now|here)$"
                  stop: { signal: SIGTERM, grace-period: 10s, steps: [ { signal: SIGQUIT, wait: 1s }, { command: [ y ], wait: 2s } ] }
                  readiness-probe: { http-get: { port: 9100, path: /ready }, period: 2s, failure-threshold: 3 }
                db: { <<: *web, depends-on: {}, after: [] }
                log: { command: [ /srv/log ], notify: true, watchdog: 30s }
            quarkus: { http: { port: 8081 } }
            """;

    private static final List<String> PIECES = List.of(
            ": ",
            "{",
            "}",
            "[",
            "]",
            "\n",
            "\n  ",
            "\n\t",
            "- ",
            "&a ",
            "*a",
            "*web",
            "<<: ",
            "!!null ",
            "!!int ",
            "!x ",
            "? ",
            "~",
            "\"",
            "'",
            "\\",
            "\0",
            "\u0007",
            "#",
            "%",
            "|",
            ">",
            "---\n",
            "...\n",
            "${",
            "${HOSTNAME}",
            "$${",
            "$",
            ".",
            "respawn",
            "services",
            "command",
            "environment",
            "-1",
            "1e400",
            "99999999999999999999",
            "NaN",
            "\uD83D",
            "\u00e9",
            "null",
            ",",
            "@",
            "`",
            "budget: 1",
            "instances: 0",
            "notify: true",
            "watchdog: 1s",
            "ready-line: (",
            "ready-line: up",
            "labels: { 1: 2 }");

    @TempDir
    Path directory;

    @Test
    void readsTheFileThatTheOthersAreMadeFrom() {
        assertThat(ConfigurationFixture.load(directory, WHOLE, Map.of(), Map.of()))
                .isInstanceOf(LoadResult.Loaded.class);
    }

    @Test
    void eitherLoadsAFileOrSaysWhatIsWrongWithIt() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int i = 0; i < CASES; i++) {
            // given
            Random random = new Random(seed + i);
            String yaml = damaged(random);

            // when
            LoadResult result;
            try {
                result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + (seed + i) + ", file:\n" + yaml, e);
            }

            // then
            if (result instanceof LoadResult.Refused refused) {
                assertThat(refused.mistakes())
                        .as("seed %d, file:%n%s", seed + i, yaml)
                        .isNotEmpty()
                        .allSatisfy(mistake -> {
                            assertThat(mistake.path()).isNotBlank();
                            assertThat(mistake.message()).startsWith("Cannot ").doesNotContain("\n");
                        });
            }
        }
    }

    @Test
    void handsTextWithoutExpressionsOnAsItStands() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            // given
            StringBuilder text = new StringBuilder("x");
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append("$$\\}:a,. '\"#".charAt(random.nextInt(12)));
            }
            String argument = text.toString();

            // when
            String yaml = "respawn: { services: { a: { command: [ '" + argument.replace("'", "''") + "' ] } } }";
            LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

            // then
            assertThat(result).as("seed %d, text %s", seed, argument).isInstanceOf(LoadResult.Loaded.class);
            assertThat(((LoadResult.Loaded) result).plan().services().values())
                    .as("seed %d", seed)
                    .singleElement()
                    .satisfies(spec -> assertThat(spec.program().command()).containsExactly(argument));
        }
    }

    private static String damaged(Random random) {
        StringBuilder yaml = new StringBuilder(random.nextInt(10) == 0 ? "" : WHOLE);
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(yaml.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> yaml.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> yaml.delete(at, Math.min(yaml.length(), at + random.nextInt(12)));
                case 2 -> {
                    int from = random.nextInt(yaml.length() + 1);
                    yaml.insert(at, yaml.substring(from, Math.min(yaml.length(), from + random.nextInt(60))));
                }
                default -> {
                    int end = Math.min(yaml.length(), at + random.nextInt(6));
                    yaml.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                }
            }
        }
        return yaml.toString().replace('\uD83D', '?');
    }
}
