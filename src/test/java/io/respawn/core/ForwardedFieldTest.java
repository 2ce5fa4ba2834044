package io.respawn.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.OutputPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ForwardedFieldTest {

    @Test
    void aChangeOfItRestartsNothing() {
        // given
        ServiceSpec before = ServiceSpec.of(new ServiceName("web"), List.of("/srv/web"));
        ServiceSpec after = before.with(OutputPolicy.DEFAULT.forwarding(true));

        // when
        List<SpecField> changed = SpecField.changed(before, after);

        // then
        assertThat(changed).singleElement().satisfies(field -> {
            assertThat(field.key()).isEqualTo("output.forward");
            assertThat(field.restarts()).isFalse();
        });
    }
}
