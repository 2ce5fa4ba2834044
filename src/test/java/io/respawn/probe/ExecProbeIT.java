package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.ReadinessChanged;
import io.respawn.linux.Orphans;
import io.respawn.linux.ProcFs;
import io.respawn.model.InstanceId;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes that are real processes, beside the part of the sidecar that sweeps up orphans. */
class ExecProbeIT {

    private static final InstanceId WEB = new InstanceId(ProcessSide.WEB, 0);
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<Integer> before = ProcFs.ownChildren();
    private final List<Event> reported = new CopyOnWriteArrayList<>();
    private final ProcessSide processes = new ProcessSide();
    private final Watched watched = new Watched(processes.attendants());
    private final ServiceProber prober = new ServiceProber(reported::add, watched, new Statistics());

    /** Keeps the numbers of the processes that pass through. */
    private record Watched(Attendants real, Set<Integer> alive, Set<Integer> all) implements Attendants {
        Watched(Attendants real) {
            this(real, ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }

        @Override
        public Start start(Errand errand) {
            Start start = real.start(errand);
            if (start instanceof Start.Begun begun) {
                alive.add(begun.pid());
                all.add(begun.pid());
            }
            return start;
        }

        @Override
        public void add(int pid) {
            real.add(pid);
            alive.add(pid);
            all.add(pid);
        }

        @Override
        public void remove(int pid) {
            alive.remove(pid);
            real.remove(pid);
        }
    }

    @AfterEach
    void close() {
        prober.close();
        processes.close();
        assertThat(watched.alive()).isEmpty();
        reapWhatCommandsLeft();
    }

    /** Of a command that was ended with its group the members come to us, and nobody sweeps any more. */
    private void reapWhatCommandsLeft() {
        Orphans orphans = new Orphans();
        await("orphans to be gone").atMost(LONG).until(() -> {
            orphans.sweep(before::contains);
            return before.containsAll(ProcFs.ownChildren());
        });
    }

    @Test
    void followsTheExitCodeOfACommand() throws IOException {
        // given
        prober.start(ready(List.of("test", "-e", "flag"), LONG), WEB, 3);
        await().atMost(LONG).until(() -> watched.all().size() >= 3);
        assertThat(reported).isEmpty();

        // when
        Path flag = Files.createFile(directory.resolve("flag"));
        awaitReported(1);
        Files.delete(flag);
        awaitReported(2);

        // then
        assertThat(reported)
                .containsExactly(
                        new ReadinessChanged(WEB, 3, true, "The command 'test -e flag' ended with exit code 0"),
                        new ReadinessChanged(WEB, 3, false, "The command 'test -e flag' ended with exit code 1"));
    }

    @Test
    void runsWithTheEnvironmentOfTheServiceAndAMarkOfItsOwn() throws IOException {
        // when
        prober.start(ready(List.of("sh", "-c", "env > seen && mv seen environment"), LONG), WEB, 3);
        awaitReported(1);

        // then
        assertThat(Files.readAllLines(directory.resolve("environment")))
                .contains(
                        "MODE=prod",
                        "RESPAWN_ID=probe-it",
                        "RESPAWN_SERVICE=web",
                        "RESPAWN_INSTANCE=0",
                        "RESPAWN_INCARNATION=3",
                        "RESPAWN_HELPER=probe")
                .noneMatch(variable -> variable.startsWith("RESPAWN_STATE_DIRECTORY"));
    }

    @Test
    void endsACommandThatTakesTooLongWithItsWholeGroup() {
        // when
        prober.start(live(hanging(), Duration.ofMillis(300)), WEB, 1);
        awaitReported(1);

        // then
        ProbeFailed failed = (ProbeFailed) reported.getFirst();
        assertThat(failed.kind()).isEqualTo(ProbeFailed.Kind.LIVENESS);
        assertThat(failed.detail()).endsWith("did not answer within 300 ms");
        prober.stop(WEB);
        awaitGone("main");
        awaitGone("child");
    }

    @Test
    void leavesNothingOfACommandThatWentIntoTheBackground() {
        // when
        prober.start(ready(List.of("sh", "-c", "sleep 1000 & echo $! > child; exit 0"), LONG), WEB, 1);
        awaitReported(1);

        // then
        assertThat(((ReadinessChanged) reported.getFirst()).ready()).isTrue();
        prober.stop(WEB);
        awaitGone("child");
    }

    @Test
    void endsTheCommandWhenItIsStoppedAndSaysNothing() {
        // given
        prober.start(live(hanging(), LONG), WEB, 1);
        await().atMost(LONG).until(() -> Files.exists(directory.resolve("main")));

        // when
        prober.stop(WEB);

        // then
        awaitGone("main");
        awaitGone("child");
        assertThat(reported).isEmpty();
    }

    @Test
    void endsTheCommandWhenTheProberIsClosed() throws IOException {
        // given
        prober.start(live(hanging(), LONG), WEB, 1);
        await().atMost(LONG).until(() -> Files.exists(directory.resolve("main")));
        int pid = pid("main");

        // when
        prober.close();

        // then: at once, since the sidecar may be about to replace itself
        assertThat(ProcFs.stat(pid)).isEmpty();
    }

    @Test
    void takesAProgramThatIsNotThereForANo() {
        // when
        prober.start(live(List.of("/srv/nowhere"), LONG), WEB, 1);
        awaitReported(1);

        // then
        assertThat(((ProbeFailed) reported.getFirst()).detail())
                .isEqualTo("the liveness probe failed: Cannot start /srv/nowhere: no such file or directory (ENOENT)");
    }

    @Test
    void getsTwoHundredRightAndLeavesNoZombieWhileOrphansAreSwept() throws InterruptedException {
        // given: a sweep that never rests
        AtomicInteger swept = new AtomicInteger();
        Thread sweeping = Thread.ofPlatform().start(() -> {
            Orphans orphans = new Orphans();
            while (!Thread.currentThread().isInterrupted()) {
                swept.addAndGet(
                        orphans.sweep(watched.alive()::contains).reaped().size());
            }
        });

        // when
        Map<InstanceId, String> expected = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            InstanceId instance = new InstanceId(ProcessSide.WEB, i);
            Duration timeout = LONG;
            List<String> command;
            switch (i % 4) {
                case 0 -> {
                    command = List.of("sh", "-c", "(setsid true &); exit 3");
                    expected.put(instance, "ended with exit code 3");
                }
                case 1 -> {
                    command = List.of("sh", "-c", "kill -ABRT $$");
                    expected.put(instance, "ended with SIGABRT");
                }
                case 2 -> {
                    command = List.of("sh", "-c", "sleep 1000 & wait");
                    timeout = Duration.ofMillis(100 + i);
                    expected.put(instance, "did not answer within " + timeout.toMillis() + " ms");
                }
                default -> command = List.of("true");
            }
            Probe probe = new Probe(new Probe.Exec(command), Duration.ZERO, Duration.ofSeconds(1), timeout, 1, 1);
            prober.start(live(probe), instance, i);
        }
        awaitReported(expected.size());
        await().atMost(LONG).until(() -> watched.all().size() >= 300);
        prober.close();
        sweeping.interrupt();
        sweeping.join();

        // then
        assertThat(reported).hasSize(expected.size()).allSatisfy(event -> {
            ProbeFailed failed = (ProbeFailed) event;
            assertThat(failed.incarnation()).isEqualTo(failed.instance().index());
            assertThat(failed.detail()).contains(expected.get(failed.instance()));
        });
        assertThat(watched.alive()).isEmpty();
        assertThat(ProcFs.ownChildren()).doesNotContainAnyElementsOf(watched.all());
        assertThat(swept).hasPositiveValue();
    }

    private static List<String> hanging() {
        return List.of("sh", "-c", "sleep 1000 & echo $! > child; echo $$ > pid; mv pid main; wait");
    }

    private ServiceSpec ready(List<String> command, Duration timeout) {
        Probe probe = new Probe(new Probe.Exec(command), Duration.ZERO, OFTEN, timeout, 1, 1);
        return spec(new Probes(Optional.empty(), Optional.of(probe), Optional.empty()));
    }

    private ServiceSpec live(List<String> command, Duration timeout) {
        return live(new Probe(new Probe.Exec(command), Duration.ZERO, OFTEN, timeout, 1, 1));
    }

    private ServiceSpec live(Probe probe) {
        return spec(new Probes(
                Optional.empty(), Optional.empty(), Optional.of(new Probes.Liveness(probe, Optional.empty(), true))));
    }

    private ServiceSpec spec(Probes probes) {
        return ProcessSide.spec(probes, Optional.of(directory.toString()), Map.of("MODE", "prod"));
    }

    private void awaitReported(int count) {
        await("reports").atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> reported.size() >= count);
    }

    private void awaitGone(String file) {
        await(file + " to be gone")
                .atMost(LONG)
                .until(() -> ProcFs.stat(pid(file)).isEmpty());
    }

    private int pid(String file) throws IOException {
        return Integer.parseInt(Files.readString(directory.resolve(file)).strip());
    }
}
