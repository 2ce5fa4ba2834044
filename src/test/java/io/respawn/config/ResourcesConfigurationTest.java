package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.MemoryLimit;
import io.respawn.model.Plan;
import io.respawn.model.Sampling;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourcesConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsEveryKeyAndTheDefaults() {
        // when
        Plan plan = plan("""
                respawn:
                  resources: { interval: 2s }
                  services:
                    web: { command: [ x ], resources: { max-memory: 512MiB, max-memory-grace: 0s, max-memory-interval: 1h } }
                    db: { command: [ x ], resources: { max-memory: 1GiB } }
                    log: { command: [ x ] }
                """);

        // then
        assertThat(plan.sampling()).isEqualTo(new Sampling(Duration.ofSeconds(2)));
        assertThat(memory(plan, "web")).contains(new MemoryLimit(512L << 20, Duration.ZERO, Duration.ofHours(1)));
        assertThat(memory(plan, "db"))
                .contains(new MemoryLimit(1L << 30, Duration.ofSeconds(30), Duration.ofMinutes(10)));
        assertThat(memory(plan, "log")).isEmpty();
        assertThat(plan("respawn: {}").sampling()).isEqualTo(new Sampling(Duration.ofSeconds(10)));
    }

    @Test
    void blamesEachKeyByItsPath() {
        assertThat(mistakes("""
                        respawn:
                          resources: { interval: 10ms }
                          services:
                            a: { command: [ x ], resources: { max-memory: 512Mi } }
                            b: { command: [ x ], resources: { max-memory: 1KiB, max-memory-grace: soon } }
                            c: { command: [ x ], resources: { max-memory: 1GiB, max-memory-interval: 10ms } }
                            d: { command: [ x ], resources: { max-memory-grace: 1s } }
                            e: { command: [ x ], resources: {} }
                            f: { command: [ x ], resources: { max-memry: 1GiB } }
                        """))
                .containsExactlyInAnyOrder(
                        "respawn.resources.interval (line 2): Cannot look every PT0.01S at what services use: 100ms to"
                                + " 1h are allowed",
                        "respawn.services.a.resources.max-memory (line 4): Cannot use '512Mi': a size is expected; give"
                                + " a number and its unit: 4096B, 512KiB, 10MiB or 1GiB",
                        "respawn.services.b.resources.max-memory (line 5): Cannot allow a service 1024 bytes of memory:"
                                + " at least 1MiB is expected, as any program needs more",
                        "respawn.services.b.resources.max-memory-grace (line 5): Cannot use 'soon': a duration is"
                                + " expected; give a number and its unit: 500ms, 10s, 2m, 1h, 1d or PT1S",
                        "respawn.services.c.resources.max-memory-interval (line 6): Cannot restart a service for its"
                                + " memory every PT0.01S: at least 1s is expected, as one that needs more than its limit"
                                + " would never run",
                        "respawn.services.d.resources.max-memory (line 7): Cannot tell how much memory it may use: give"
                                + " a size such as 512MiB, or remove the other keys",
                        "respawn.services.e.resources (line 8): Cannot use an empty map here: fill it or remove the key",
                        "respawn.services.f.resources.max-memry (line 9): Cannot use 'max-memry': there is no such key;"
                                + " did you mean 'max-memory'?");
    }

    private Plan plan(String yaml) {
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result).plan();
    }

    private List<String> mistakes(String yaml) {
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result)
                .mistakes().stream().map(Mistake::toString).toList();
    }

    private static Optional<MemoryLimit> memory(Plan plan, String service) {
        return plan.service(new ServiceName(service)).flatMap(ServiceSpec::memory);
    }
}
