package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.ProcessExited;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process, this one, that really has no descriptor left. */
final class NoDescriptorsIT {

    private static final int SERVICES = 8;

    @TempDir
    Path folder;

    private final Deque<FileInputStream> taken = new ArrayDeque<>();
    private final List<Process> sleepers = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig("no-descriptors", folder);
        for (int i = 0; i < SERVICES; i++) {
            sleepers.add(new ProcessBuilder("sleep", "1000").start());
        }
        // What is loaded or opened at the first use must be there already.
        adopt(0);
        assertThat(ProcFs.pids()).isNotEmpty();
        new LimitOfOpenFiles().lower(1024);
    }

    @AfterEach
    void end() throws IOException {
        release();
        new LimitOfOpenFiles().raise();
        sleepers.forEach(Process::destroyForcibly);
        rig.close();
    }

    @Test
    void takesOverWhatRunsAsSoonAsThereAreDescriptorsAndNeverTakesItForGone() throws IOException {
        // when
        exhaust();
        for (int i = 1; i < SERVICES; i++) {
            adopt(i);
        }
        long late = rig.faults(Adoptions.LATE);
        boolean seen = ProcFs.stat((int) sleepers.getLast().pid()).isPresent();
        int watched = rig.ask(() -> rig.children.watched().size());
        release();

        // then some were taken over with what was kept in reserve, and the others wait
        assertThat(seen).isTrue();
        assertThat(late).isPositive();
        assertThat(watched).isBetween(2, SERVICES - 1);
        await().atMost(Rig.PATIENCE)
                .until(() -> rig.ask(() -> rig.children.watched().size()) == SERVICES);
        assertThat(rig.events).noneMatch(ProcessExited.class::isInstance);
        sleepers.forEach(Process::destroyForcibly);
        Set<InstanceId> exited = new HashSet<>();
        for (int i = 0; i < SERVICES; i++) {
            ProcessExited end = rig.await(ProcessExited.class, any -> true);
            assertThat(end.incarnation()).isEqualTo(1);
            exited.add(end.instance());
        }
        assertThat(exited).hasSize(SERVICES);
    }

    @Test
    void looksIntoProcAndHoldsAProcessWithWhatIsKeptInReserve() throws IOException {
        // when
        exhaust();
        try (Pidfd held = Pidfd.open((int) sleepers.getFirst().pid()).orElseThrow()) {
            // then
            assertThat(ProcFs.pids()).contains(held.pid());
            assertThat(ProcFs.ownChildren()).contains(held.pid());
            assertThat(ProcFs.commandLine(held.pid())).contains(List.of("sleep", "1000"));
        } catch (LinuxException scarce) {
            throw new AssertionError("The reserve is of no use", scarce);
        }
    }

    private void adopt(int service) {
        int pid = (int) sleepers.get(service).pid();
        var identity = new ProcessIdentity(pid, startOf(pid));
        rig.onLoop(() -> rig.children.adopt(instance("s" + service), 1, identity));
    }

    private static long startOf(int pid) {
        return ProcFs.stat(pid).orElseThrow().startTicks();
    }

    private void exhaust() {
        try {
            while (true) {
                taken.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException none) {
            assertThat(none).hasMessageContaining("Too many open files");
        }
    }

    private void release() throws IOException {
        while (!taken.isEmpty()) {
            taken.pop().close();
        }
    }
}
