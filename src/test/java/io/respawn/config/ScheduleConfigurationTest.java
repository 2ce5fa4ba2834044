package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.Timetable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void readsEveryKey() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      schedule:
                        restart: "0 3 * * *"
                        time-zone: Europe/Berlin
                        jitter: 10m
                        missed: once
                        missed-after: 15m
                        max-age: 1d
                        max-age-spread: 1h
                    backup:
                      command: [ x ]
                      restart: { policy: never }
                      schedule: { run: every 6h, overlap: queue }
                    plain: { command: [ x ] }
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(schedule(result, "web"))
                .isEqualTo(new Schedule(
                        Optional.of(new Timetable("0 3 * * *")),
                        Optional.empty(),
                        "Europe/Berlin",
                        Duration.ofMinutes(10),
                        Schedule.Overlap.SKIP,
                        Schedule.Missed.ONCE,
                        Duration.ofMinutes(15),
                        Optional.of(Duration.ofDays(1)),
                        Duration.ofHours(1)));
        assertThat(schedule(result, "backup").run()).contains(new Timetable("every 6h"));
        assertThat(schedule(result, "backup").overlap()).isEqualTo(Schedule.Overlap.QUEUE);
        assertThat(schedule(result, "plain")).isEqualTo(Schedule.DEFAULT);
    }

    @Test
    void namesEachMistake() {
        // given
        String yaml = """
                respawn:
                  services:
                    web:
                      command: [ x ]
                      schedule:
                        restart: daily
                        time-zone: Berlin
                        jitter: many
                        overlap: skp
                        missed: twice
                        missed-after: "-1m"
                        max-age: old
                        max-age-spread: wide
                    both: { command: [ x ], schedule: { restart: "0 3 * * *", run: "0 4 * * *" } }
                    endless: { command: [ x ], schedule: { run: "0 4 * * *" } }
                    vital: { command: [ x ], essential: true, restart: { policy: never }, schedule: { run: every 1h } }
                    respawn: { command: [ x ], schedule: { max-age: 1d } }
                    odd: { command: [ x ], schedule: { nightly: true } }
                """;

        // when
        LoadResult result = ConfigurationFixture.load(directory, yaml, Map.of(), Map.of());

        // then
        assertThat(result)
                .isInstanceOfSatisfying(
                        LoadResult.Refused.class,
                        refused -> assertThat(refused.mistakes())
                                .extracting(Mistake::path)
                                .containsExactlyInAnyOrder(
                                        "respawn.services.web.schedule.restart",
                                        "respawn.services.web.schedule.time-zone",
                                        "respawn.services.web.schedule.jitter",
                                        "respawn.services.web.schedule.overlap",
                                        "respawn.services.web.schedule.missed",
                                        "respawn.services.web.schedule.missed-after",
                                        "respawn.services.web.schedule.max-age",
                                        "respawn.services.web.schedule.max-age-spread",
                                        "respawn.services.both.schedule",
                                        "respawn.services.endless.schedule.run",
                                        "respawn.services.vital.schedule.run",
                                        "respawn.services.respawn.schedule",
                                        "respawn.services.odd.schedule.nightly"));
        assertThat(((LoadResult.Refused) result).mistakes())
                .extracting(Mistake::toString)
                .anySatisfy(words -> assertThat(words).contains("did you mean 'skip'?"))
                .anySatisfy(words -> assertThat(words).contains("Berlin", "write for example UTC or Europe/Berlin"))
                .anySatisfy(words -> assertThat(words)
                        .contains("'endless' to its end: its restart policy is always; set restart.policy to"));
    }

    private static Schedule schedule(LoadResult result, String service) {
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) result)
                .plan()
                .service(new ServiceName(service))
                .orElseThrow()
                .schedule();
    }
}
