package io.respawn.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.edges.Samples;
import io.respawn.supervise.Schedules.Outlook;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the metrics say about schedules: no sample where there is nothing to tell, and the sooner of two times. */
final class ScheduleMetricsTest {

    @Test
    void tellsTheNextTimeWhicheverItIs() {
        // given
        var planned = Optional.of(Samples.NOW.plusSeconds(60));
        var tooOld = Optional.of(Samples.NOW.plusSeconds(30));

        // when
        var families = ScheduleMetrics.of(Map.of(
                Samples.WEB, new Outlook(Optional.empty(), planned, tooOld),
                Samples.BATCH, new Outlook(Optional.empty(), Optional.empty(), Optional.empty())));

        // then
        assertThat(families.getFirst().samples).singleElement().satisfies(sample -> {
            assertThat(sample.labelValues).containsExactly("web");
            assertThat(sample.value).isEqualTo(Samples.NOW.getEpochSecond() + 30.0);
        });
        assertThat(families.getLast().samples).isEmpty();
    }
}
