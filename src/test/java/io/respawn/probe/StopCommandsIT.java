package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.linux.Orphans;
import io.respawn.linux.ProcFs;
import io.respawn.model.InstanceId;
import io.respawn.model.Probes;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stop commands that are real processes. */
class StopCommandsIT {

    private static final InstanceId WEB = new InstanceId(ProcessSide.WEB, 0);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<Integer> before = ProcFs.ownChildren();
    private final List<Event> reported = new CopyOnWriteArrayList<>();
    private final ProcessSide processes = new ProcessSide();
    private final ServiceProber prober = new ServiceProber(reported::add, processes.attendants(), new Statistics());

    @AfterEach
    void nothingIsLeft() {
        prober.close();
        processes.close();
        Orphans orphans = new Orphans();
        await("orphans to be gone").atMost(SOON).until(() -> {
            orphans.sweep(before::contains);
            return before.containsAll(ProcFs.ownChildren());
        });
    }

    private void run(Duration limit, String script) {
        Effect.RunStopCommand order = new Effect.RunStopCommand(WEB, 3, 1, List.of("/bin/sh", "-c", script), limit);
        prober.stopCommands().run(ProcessSide.spec(Probes.NONE), order);
    }

    @Test
    void runsInTheSurroundingsOfTheServiceAndSaysNothingWhenAllIsWell() throws IOException {
        // given
        Path file = directory.resolve("said");
        // when
        run(
                SOON,
                "echo $RESPAWN_SERVICE $RESPAWN_INCARNATION ${RESPAWN_HELPER:+helper} > " + file + ".new; mv " + file
                        + ".new " + file);
        // then
        await().atMost(SOON).until(() -> Files.exists(file));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(ProcFs.ownChildren()).hasSameElementsAs(before));
        assertThat(Files.readString(file)).isEqualTo("web 3 helper\n");
        assertThat(reported).isEmpty();
    }

    @Test
    void tellsOfAFailure() {
        // when
        run(SOON, "exit 3");
        // then
        await().atMost(SOON).until(() -> !reported.isEmpty());
        assertThat(reported).singleElement().isInstanceOfSatisfying(Event.StopCommandFailed.class, failed -> {
            assertThat(failed.incarnation()).isEqualTo(3);
            assertThat(failed.step()).isEqualTo(1);
            assertThat(failed.detail()).contains("exit code 3");
        });
    }

    @Test
    void endsOneThatTakesTooLongWithItsWholeGroup() {
        // when
        run(Duration.ofMillis(300), "sleep 1000 & sleep 1000");
        // then
        await().atMost(SOON).until(() -> !reported.isEmpty());
        assertThat(reported).singleElement().isInstanceOf(Event.StopCommandFailed.class);
    }
}
