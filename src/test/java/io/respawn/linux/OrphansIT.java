package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.linux.Orphans.Orphan;
import io.respawn.linux.SpawnResult.Spawned;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrphansIT {

    private static final int OWN = 50;
    private static final int OF_THE_JDK = 100;
    private static final int FIRST_ORPHAN_CODE = 150;

    private final Set<Integer> ownPids = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> ownCodes = new ConcurrentHashMap<>();
    private final List<Orphan> reaped = new ArrayList<>();
    private final Orphans orphans = new Orphans();

    @BeforeEach
    void takeTheRole() {
        Subreaper.enable();
        assertThat(Subreaper.enabled()).isTrue();
    }

    @AfterEach
    void giveTheRoleBack() {
        Subreaper.disable();
        assertThat(Subreaper.enabled()).isFalse();
    }

    @Test
    void reapsOrphansAndStealsNobodysChildren() throws Exception {
        try (var loop = new LoopThread();
                var spawner = Executors.newSingleThreadExecutor();
                var others = Executors.newFixedThreadPool(3)) {
            // given: a loop that sweeps all the time
            loop.reactor.execute(() -> sweepForEver(loop.reactor));

            // when: own children that each leave an orphan, and at the same time children of ProcessBuilder
            List<Future<Integer>> codes = new ArrayList<>();
            for (int i = 0; i < OF_THE_JDK; i++) {
                int code = i % 120 + 1;
                codes.add(others.submit(jdkChild(code)));
            }
            for (int i = 0; i < OWN; i++) {
                int number = i;
                spawner.execute(() -> spawnOwn(loop.reactor, number));
            }

            // then
            for (int i = 0; i < OF_THE_JDK; i++) {
                assertThat(codes.get(i).get()).isEqualTo(i % 120 + 1);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> ownCodes.size() == OWN);
            await().atMost(Duration.ofSeconds(30)).until(() -> loop.ask(reaped::size) >= OWN);
            assertThat(ownCodes).allSatisfy((number, code) -> assertThat(code).isEqualTo(number + 1));
            assertThat(loop.ask(() -> List.copyOf(reaped)))
                    .extracting(orphan -> orphan.status().shellCode())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, OWN)
                            .mapToObj(number -> FIRST_ORPHAN_CODE + number)
                            .toList());
            assertThat(loop.errors).isEmpty();
        }
    }

    private static Callable<Integer> jdkChild(int code) {
        return () -> new ProcessBuilder("/bin/sh", "-c", "exit " + code).start().waitFor();
    }

    private void spawnOwn(Reactor reactor, int number) {
        String script = "(sleep 0.05; exit " + (FIRST_ORPHAN_CODE + number) + ") & exit " + (number + 1);
        SpawnResult result = Spawn.spawn(
                Programs.shell(script, Path.of("/"), Programs.NOWHERE), spawned -> ownPids.add(spawned.pid()));
        Spawned spawned = (Spawned) result;
        reactor.execute(
                () -> reactor.watch(spawned.pidfd().fd(), Epoll.IN, events -> reapOwn(reactor, spawned, number)));
    }

    private void reapOwn(Reactor reactor, Spawned spawned, int number) {
        reactor.unwatch(spawned.pidfd().fd());
        int code =
                Waiter.reap(spawned.pidfd()).ended().map(ExitStatus::shellCode).orElse(-1);
        ownPids.remove(spawned.pid());
        spawned.pidfd().close();
        ownCodes.put(number, code);
    }

    private void sweepForEver(Reactor reactor) {
        reaped.addAll(orphans.sweep(ownPids::contains).reaped());
        if (reaped.size() < OWN) {
            reactor.execute(() -> sweepForEver(reactor));
        }
    }

    @Test
    void reapsLateWhatNobodyElseDoes() throws Exception {
        // given: an orphan in our own process group, as a child of an earlier image would be
        Process parent = new ProcessBuilder("/bin/sh", "-c", "(exit 77) & exec sleep 0.2").start();
        var patient = new Orphans(Duration.ofMillis(300));
        List<Orphan> late = new ArrayList<>();

        // when
        parent.waitFor();
        var first = patient.sweep(pid -> false);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            late.addAll(patient.sweep(pid -> false).reaped());
            return !late.isEmpty();
        });

        // then
        assertThat(parent.exitValue()).isZero();
        assertThat(first.reaped()).isEmpty();
        assertThat(first.left()).isEqualTo(1);
        assertThat(late)
                .singleElement()
                .satisfies(orphan -> assertThat(orphan.status().shellCode()).isEqualTo(77));
    }

    @Test
    void waitsForASpawnInFlight() throws Exception {
        // given
        List<Orphans.Sweep> during = new ArrayList<>();

        // when
        SpawnResult result = Spawn.spawn(
                Programs.shell("exit 0", Path.of("/"), Programs.NOWHERE), spawned -> during.add(sweepElsewhere()));

        // then
        assertThat(during).containsExactly(new Orphans.Sweep(List.of(), true, 0));
        Programs.end((Spawned) result);
        assertThat(sweepElsewhere().postponed()).isFalse();
    }

    private Orphans.Sweep sweepElsewhere() {
        try (var thread = Executors.newSingleThreadExecutor()) {
            return thread.submit(() -> orphans.sweep(ownPids::contains)).get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }
}
