package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** So many services that they are read in portions: that must not be seen in anything that is said about them. */
class ManyServicesConfigurationTest {

    private static final int MANY = 130;
    private static final Map<String, String> ENVIRONMENT = Map.of("TOOL", "/bin/tool", "respawn.tool", "none");

    private static final List<String> KINDS = List.of(
            "{ command: [ \"${TOOL}\", \"$$\", \"$${HOME}\", \"\", \"a${NONE:b}c\" ] }",
            "{ command: [ /bin/true ], environment: { A: \"\", B: \"${TOOL}\", \"C.D\": \"1.10\" } }",
            "{ command: [ /bin/true ], restart: { backoff: { delay: 0s } }, instances: 3 }",
            "{ command: [ /bin/true ], stop: { grace-period: \"${GRACE:7s}\" }, environment: { TIER: \"${HOSTNAME}\" } }",
            "{ command: [ /bin/true ], working-directory: \"${respawn.state-directory}/x\", restart: { policy: never } }");

    @TempDir
    Path directory;

    @Test
    void readsEachOfManyServicesAsIfItWereAlone() {
        // when
        Plan many = plan(load(yaml(MANY), Map.of()));

        // then
        assertThat(many.services()).hasSize(MANY);
        for (int i = 0; i < MANY; i++) {
            ServiceSpec alone =
                    plan(load(head() + service(i), Map.of())).services().get(name(i));
            assertThat(many.services().get(name(i))).isEqualTo(alone);
        }
    }

    @Test
    void letsTheEnvironmentWinOverAnyOfManyServices() {
        // when
        Plan many = plan(load(yaml(MANY), Map.of("RESPAWN_SERVICES_S127_INSTANCES", "5")));

        // then
        assertThat(many.services().get(name(127)).instances()).isEqualTo(5);
        assertThat(many.services().get(name(122)).instances()).isEqualTo(3);
    }

    @Test
    void namesEveryMistakeInManyServices() {
        // given
        String yaml = yaml(MANY)
                + "    x1: { command: [ \"${MISSING}\" ], instances: many }\n"
                + "    x2: { command: [ /bin/true ], environment: { A: \"${SECRET}\" } }\n";

        // when
        LoadResult result = load(yaml, Map.of());

        // then
        assertThat(result)
                .isInstanceOfSatisfying(
                        LoadResult.Refused.class,
                        refused -> assertThat(refused.mistakes())
                                .extracting(Mistake::path)
                                .containsExactly(
                                        "respawn.services.x1.command[0]",
                                        "respawn.services.x2.environment.A",
                                        "respawn.services.x1.instances",
                                        "respawn.services.x1.command"));
    }

    private LoadResult load(String yaml, Map<String, String> further) {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.putAll(further);
        return ConfigurationFixture.load(directory, yaml, environment, Map.of());
    }

    private static Plan plan(LoadResult result) {
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result).plan();
    }

    private static String yaml(int services) {
        return IntStream.range(0, services)
                .mapToObj(ManyServicesConfigurationTest::service)
                .collect(Collectors.joining("", head(), ""));
    }

    private static String head() {
        return "respawn:\n  id: many\n  state-directory: /tmp/many\n  services:\n";
    }

    private static String service(int i) {
        return "    s" + i + ": " + KINDS.get(i % KINDS.size()) + "\n";
    }

    private static ServiceName name(int i) {
        return new ServiceName("s" + i);
    }
}
