package io.respawn.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.EnvironmentSources;
import io.respawn.model.OutputPolicy;
import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import io.respawn.model.ProcessSetting.Resource;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What differs is named by its key; what a process is started with restarts it. */
final class SpecFieldTest {

    private static final List<String> COMMAND = List.of("/bin/web");
    private static final ServiceSpec PLAIN = ServiceSpec.of(new ServiceName("web"), COMMAND);

    /** A declaration that differs from the plain one in one key. */
    record Case(String key, ServiceSpec spec) {
        static Case of(String key, EnvironmentSources sources) {
            return of(key, sources, ProcessSetting.DEFAULT);
        }

        static Case of(String key, ProcessSetting setting) {
            return of(key, EnvironmentSources.DEFAULT, setting);
        }

        private static Case of(String key, EnvironmentSources sources, ProcessSetting setting) {
            return new Case(key, PLAIN.with(new Program(COMMAND, Optional.empty(), Map.of(), sources, setting)));
        }
    }

    static Stream<Case> sources() {
        return Stream.of(
                Case.of("inherit-environment", new EnvironmentSources(Optional.of(List.of()), List.of(), Map.of())),
                Case.of("environment-files", new EnvironmentSources(Optional.empty(), List.of("/e"), Map.of())),
                Case.of("secret-environment", new EnvironmentSources(Optional.empty(), List.of(), Map.of("S", "/s"))));
    }

    static Stream<Case> settings() {
        Optional<String> name = Optional.of("web");
        Optional<Integer> one = Optional.of(1);
        Optional<String> none = Optional.empty();
        Optional<Integer> nothing = Optional.empty();
        Map<Resource, Limit> limits = Map.of(Resource.OPEN_FILES, new Limit(Optional.of(1L), Optional.of(1L)));
        return Stream.of(
                Case.of(
                        "user",
                        new ProcessSetting(
                                name, none, Optional.empty(), nothing, false, Map.of(), nothing, nothing, none)),
                Case.of(
                        "group",
                        new ProcessSetting(
                                none, name, Optional.empty(), nothing, false, Map.of(), nothing, nothing, none)),
                Case.of(
                        "supplementary-groups",
                        new ProcessSetting(
                                none, none, Optional.of(List.of()), nothing, false, Map.of(), nothing, nothing, none)),
                Case.of(
                        "umask",
                        new ProcessSetting(none, none, Optional.empty(), one, false, Map.of(), nothing, nothing, none)),
                Case.of(
                        "no-new-privileges",
                        new ProcessSetting(
                                none, none, Optional.empty(), nothing, true, Map.of(), nothing, nothing, none)),
                Case.of(
                        "limits",
                        new ProcessSetting(
                                none, none, Optional.empty(), nothing, false, limits, nothing, nothing, none)),
                Case.of(
                        "limits.nice",
                        new ProcessSetting(none, none, Optional.empty(), nothing, false, Map.of(), one, nothing, none)),
                Case.of(
                        "limits.oom-score-adj",
                        new ProcessSetting(none, none, Optional.empty(), nothing, false, Map.of(), nothing, one, none)),
                Case.of(
                        "cgroup",
                        new ProcessSetting(
                                none, none, Optional.empty(), nothing, false, Map.of(), nothing, nothing, name)));
    }

    @ParameterizedTest
    @MethodSource({"sources", "settings"})
    void namesWhatDiffersAndHasItRestart(Case changed) {
        assertThat(SpecField.changed(PLAIN, changed.spec()))
                .singleElement()
                .satisfies(
                        field -> assertThat(field.names(PLAIN, changed.spec())).containsExactly(changed.key()))
                .satisfies(field -> assertThat(field.restarts()).isTrue());
    }

    @Test
    void forwardingRestartsNothing() {
        ServiceSpec forwarding = PLAIN.with(OutputPolicy.DEFAULT.forwarding(true));
        assertThat(SpecField.changed(PLAIN, forwarding)).singleElement().satisfies(field -> {
            assertThat(field.key()).isEqualTo("output.forward");
            assertThat(field.restarts()).isFalse();
        });
    }

    @Test
    void leavesNoneOut() {
        assertThat(sources()).hasSameSizeAs(EnvironmentSources.class.getRecordComponents());
        assertThat(settings()).hasSameSizeAs(ProcessSetting.class.getRecordComponents());
    }
}
