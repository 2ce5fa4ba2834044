package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.OutputPolicy;
import io.respawn.model.ServiceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether lines are forwarded is one word, and it needs brokers. */
final class ForwardConfigurationTest {

    private static final Map<String, String> WITH_KAFKA = Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092");

    @TempDir
    Path directory;

    @Test
    void forwardsWhatIsToldToAndNothingElse() {
        // when
        LoadResult result = load("true", WITH_KAFKA);

        // then
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        var services = ((LoadResult.Loaded) result).plan().services();
        assertThat(services.get(new ServiceName("web")).output()).isEqualTo(OutputPolicy.DEFAULT.forwarding(true));
        assertThat(services.get(new ServiceName("db")).output()).isEqualTo(OutputPolicy.DEFAULT);
    }

    @Test
    void refusesWhatIsNeitherTrueNorFalse() {
        for (String bad : List.of("maybe", "yes", "1", "TRUE", "respawn.output", "[ true ]", "{ topic: x }")) {
            assertThat(mistakes(bad, WITH_KAFKA))
                    .as(bad)
                    .singleElement()
                    .asString()
                    .startsWith("respawn.services.web.output.forward")
                    .contains("Cannot ");
        }
        assertThat(mistakes("maybe", WITH_KAFKA))
                .containsExactly("respawn.services.web.output.forward (line 3): Cannot use 'maybe': true or false is"
                        + " expected; write one of them");
    }

    @Test
    void refusesToForwardWhileKafkaIsOff() {
        assertThat(mistakes("true", Map.of()))
                .containsExactly("respawn.services.web.output.forward (line 3): Cannot forward output while Kafka is"
                        + " off: name the brokers by kafka.bootstrap.servers, or remove this");
        assertThat(load("false", Map.of())).isInstanceOf(LoadResult.Loaded.class);
    }

    @Test
    void offersTheKeyToWhoMisspellsIt() {
        // given
        String yaml = "respawn: { services: { web: { command: [ x ], output: { foward: true } } } }";

        // when
        List<String> mistakes = texts(ConfigurationFixture.load(directory, yaml, WITH_KAFKA, Map.of()));

        // then
        assertThat(mistakes).singleElement().asString().contains("foward", "did you mean 'forward'?");
    }

    private List<String> mistakes(String forward, Map<String, String> environment) {
        return texts(load(forward, environment));
    }

    private static List<String> texts(LoadResult result) {
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return ((LoadResult.Refused) result)
                .mistakes().stream().map(Mistake::toString).toList();
    }

    private LoadResult load(String forward, Map<String, String> environment) {
        String yaml = """
                respawn:
                  services:
                    web: { command: [ /srv/web ], output: { forward: %s } }
                    db: { command: [ /srv/db ] }
                """.formatted(forward);
        return ConfigurationFixture.load(directory, yaml, environment, Map.of());
    }
}
