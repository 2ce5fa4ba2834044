package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static io.respawn.process.Rig.shell;
import static io.respawn.process.Rig.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event;
import io.respawn.core.Event.Noted;
import io.respawn.core.Event.ProcessExited;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.core.Event.SpawnFailed;
import io.respawn.linux.ProcFs;
import io.respawn.linux.Reactor;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessesIT {

    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    Path directory;

    private Rig rig;

    /** Another one for each test: what is dying of the one before must not be taken for something that is left. */
    private String id;

    @BeforeEach
    void start() {
        id = "children-it-" + TESTS.incrementAndGet();
        rig = new Rig(id, directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void reportsTheExitCodeOfAProcessThatEndsByItself() {
        // when
        ProcessIdentity process = rig.start(shell("web", "exit 42"));

        // then
        assertThat(rig.exited("web")).isEqualTo(new ProcessExited(instance("web"), 1, new ExitStatus.Exited(42), 0));
        assertThat(ProcFs.stat(process.pid())).isEmpty();
    }

    @Test
    void reportsTheSignalThatEndedAProcess() {
        // given
        rig.start(spec("web", "sleep", "100"));

        // when
        rig.onLoop(() -> rig.children.signal(instance("web"), 1, Signal.TERM));

        // then
        assertThat(rig.exited("web").status()).isEqualTo(new ExitStatus.Signalled(15, false));
    }

    @Test
    void losesNoneOfTwoHundredExitsAtOnce() {
        // given
        int services = 200;
        Set<Integer> pids = new HashSet<>();
        for (int i = 0; i < services; i++) {
            var id = new InstanceId(new ServiceName("many"), i);
            rig.spawn(shell("many", "kill -STOP $$; exit " + i % 100), id, i + 1, Optional.empty());
        }
        for (int i = 0; i < services; i++) {
            pids.add(rig.await(ProcessSpawned.class, spawned -> true).process().pid());
        }
        await().atMost(Rig.PATIENCE)
                .until(() -> pids.stream()
                        .allMatch(pid ->
                                ProcFs.stat(pid).filter(s -> s.state() == 'T').isPresent()));

        // when
        rig.onLoop(() -> {
            for (int i = 0; i < services; i++) {
                rig.children.signal(new InstanceId(new ServiceName("many"), i), i + 1, Signal.CONT);
            }
        });

        // then
        Set<Integer> ended = new HashSet<>();
        for (int i = 0; i < services; i++) {
            ProcessExited exited = rig.await(ProcessExited.class, any -> true);
            int index = exited.instance().index();
            assertThat(exited.status()).isEqualTo(new ExitStatus.Exited(index % 100));
            assertThat(exited.incarnation()).isEqualTo(index + 1L);
            ended.add(index);
        }
        assertThat(ended).hasSize(services);
        assertThat(rig.ask(rig.children::watched)).isEmpty();
    }

    @Test
    void killsAndCountsTheRestOfTheGroupBeforeItTellsOfTheExit() throws IOException {
        // given
        ProcessIdentity main = rig.start(shell("web", "sleep 100 & echo $! > member; exec sleep 100"));
        int member = pidIn("member");

        // when
        rig.onLoop(() -> rig.children.signal(instance("web"), 1, Signal.KILL));

        // then
        ProcessExited exited = rig.exited("web");
        assertThat(exited.status()).isEqualTo(new ExitStatus.Signalled(9, false));
        assertThat(exited.leftovers()).isEqualTo(1);
        assertThat(ProcFs.stat(main.pid())).isEmpty();
        assertThat(ProcFs.stat(member)).isEmpty();
    }

    @Test
    void hasNothingToSayAboutSignalsWhileTheRestOfAMainIsBuried() {
        // given: so many that they are not all gone at the first look
        rig.start(shell("web", "for i in $(seq 100); do sleep 100 & done; touch begun; exec sleep 100"));
        await().atMost(Rig.PATIENCE).until(() -> Files.exists(directory.resolve("begun")));
        CompletableFuture<Integer> signalsInBetween = new CompletableFuture<>();

        // when: the loop signals at each turn until the exit is told
        rig.onLoop(() -> signalUntilExit(0, signalsInBetween));

        // then
        assertThat(signalsInBetween.orTimeout(20, TimeUnit.SECONDS).join()).isPositive();
        assertThat(rig.exited("web").leftovers()).isPositive();
        assertThat(rig.faults(Signalling.TO_NOBODY)).isZero();
    }

    private void signalUntilExit(int inBetween, CompletableFuture<Integer> end) {
        if (rig.events.stream().anyMatch(ProcessExited.class::isInstance)) {
            end.complete(inBetween);
            return;
        }
        boolean buried = rig.children.watched().isEmpty();
        rig.children.signal(instance("web"), 1, Signal.KILL);
        rig.reactor.execute(() -> signalUntilExit(buried ? inBetween + 1 : inBetween, end));
    }

    @Test
    void killsTheGroupOfAMainThatEndedByItself() throws IOException {
        // given
        rig.start(shell("web", "sleep 100 & echo $! > member; exit 3"));

        // when
        ProcessExited exited = rig.exited("web");

        // then
        assertThat(exited.status()).isEqualTo(new ExitStatus.Exited(3));
        assertThat(exited.leftovers()).isEqualTo(1);
        assertThat(ProcFs.stat(pidIn("member"))).isEmpty();
    }

    @Test
    void findsAndCountsADescendantThatLeftTheSession() throws IOException {
        // given: the middle process ends, so that the last one is an orphan in a session of its own
        rig.start(shell(
                "web",
                "(setsid sh -c 'echo $$ > stray; exec sleep 100' &) ; while ! [ -s stray ]; do :; done; exit 0"));

        // when
        ProcessExited exited = rig.exited("web");

        // then
        assertThat(exited.leftovers()).isEqualTo(1);
        assertThat(ProcFs.stat(pidIn("stray"))).isEmpty();
        assertThat(rig.faults(Burials.LEFTOVERS)).isEqualTo(1);
    }

    @Test
    void reapsOrphansThatEndWhileTheirMainRuns() throws IOException {
        // given
        rig.start(shell("web", "(sh -c 'echo $$ > orphan; exec sleep 0.1' &) ; exec sleep 100"));
        int orphan = pidIn("orphan");

        // then
        await().atMost(Rig.PATIENCE).until(() -> ProcFs.stat(orphan).isEmpty());
        await().atMost(Rig.PATIENCE).until(() -> rig.faults(Sweeper.REAPED) == 1);
    }

    @Test
    void namesWhatIsMissingWhenASpawnFails() throws IOException {
        // given
        Path text = Files.writeString(directory.resolve("text"), "no program");
        ServiceSpec elsewhere = with(spec("cwd", "sleep", "1"), Optional.of("not/there"), Map.of());

        // when, then
        assertThat(failure(spec("missing", "/not/there/at-all")))
                .startsWith("Cannot")
                .contains("/not/there/at-all", "ENOENT");
        assertThat(failure(spec("unknown", "no-such-program-anywhere")))
                .startsWith("Cannot")
                .contains("no-such-program-anywhere", "PATH");
        assertThat(failure(spec("text", text.toString())))
                .startsWith("Cannot")
                .contains(text.toString(), "EACCES", "allow");
        assertThat(failure(elsewhere)).startsWith("Cannot").contains(directory + "/not/there", "working directory");
    }

    @Test
    void startsAServiceInItsDirectoryWithItsEnvironmentAndItsTags() throws IOException {
        // given
        Files.createDirectory(directory.resolve("home"));
        ServiceSpec spec =
                with(shell("web", "env > environment; exec sleep 100"), Optional.of("home"), Map.of("MODE", "prod"));

        // when
        rig.spawn(spec, instance("web"), 7, Optional.of(new IntentId("order-1")));
        ProcessIdentity process = rig.await(ProcessSpawned.class, any -> true).process();

        // then
        await().until(() -> ProcFs.commandLine(process.pid()).orElseThrow().contains("sleep"));
        assertThat(Files.readAllLines(directory.resolve("home/environment")))
                .contains(
                        "MODE=prod",
                        "RESPAWN_ID=" + id,
                        "RESPAWN_SERVICE=web",
                        "RESPAWN_INSTANCE=0",
                        "RESPAWN_INCARNATION=7",
                        "RESPAWN_INTENT=order-1")
                .noneMatch(line -> line.matches("(NOTIFY_SOCKET|WATCHDOG_\\w+|MAINPID|RESPAWN_STATE_DIRECTORY)=.*"));
        InstanceId instance = new InstanceId(new ServiceName("web"), 0);
        Optional<IntentId> order = Optional.of(new IntentId("order-1"));
        assertThat(rig.noted)
                .containsExactly(
                        new Noted(instance, 7, order, Optional.empty()),
                        new Noted(instance, 7, order, Optional.of(process)));
    }

    @Test
    void neitherAdoptsNorSignalsAProcessWithAnotherStartTime() {
        // given: a process that has the number of the recorded one, and is not it
        ProcessIdentity real = rig.start(spec("bystander", "sleep", "100"));
        var recorded = new ProcessIdentity(real.pid(), real.startTicks() + 1);

        // when
        rig.onLoop(() -> {
            rig.children.adopt(instance("web"), 4, recorded);
            rig.children.signal(instance("web"), 4, Signal.KILL);
        });

        // then
        ProcessExited exited = rig.exited("web");
        assertThat(exited.incarnation()).isEqualTo(4);
        assertThat(exited.status()).isInstanceOf(ExitStatus.Unknown.class);
        assertThat(rig.faults(Signalling.TO_NOBODY)).isEqualTo(1);
        assertThat(ProcFs.stat(real.pid()).orElseThrow().startTicks()).isEqualTo(real.startTicks());
        rig.onLoop(() -> rig.children.signal(instance("bystander"), 1, Signal.TERM));
        assertThat(rig.exited("bystander").status()).isEqualTo(new ExitStatus.Signalled(15, false));
    }

    @Test
    void whatIsAdoptedBeforeTheLoopRunsIsNoStrayHoweverLateThatBegins() {
        // given
        ProcessIdentity web = rig.start(shell("web", "exec sleep 1000"));
        rig.onLoop(() -> rig.children.close(true));
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        Reactor reactor = new Reactor(rig.errors::add);
        ChildProcesses next = new ChildProcesses(
                rig.sidecar,
                reactor,
                events::add,
                note -> {},
                rig.output,
                rig.statistics,
                directory,
                Map.of(),
                spec -> Map.of());
        next.adopt(instance("web"), 1, web);
        long sweepIsDue = System.nanoTime() + Duration.ofMillis(1100).toNanos();
        await().until(() -> System.nanoTime() > sweepIsDue);

        // when
        reactor.execute(() -> next.close(false));
        reactor.execute(reactor::stop);
        reactor.run();

        // then: it lived until it was ended with the rest
        assertThat(rig.statistics.faults()).doesNotContainKey(Sweeper.STRAY);
        assertThat(events).isEmpty();
        reactor.close();
    }

    @Test
    void handsKeptChildrenToTheNextRunWithTheirExitCodes() throws IOException {
        // given: one ends between the two runs, one lives on
        ProcessIdentity brief = rig.start(shell("brief", "while ! [ -e end-brief ]; do sleep 0.01; done; exit 6"));
        ProcessIdentity lasting =
                rig.start(shell("lasting", "while ! [ -e end-lasting ]; do sleep 0.01; done; exit 5"));
        rig.onLoop(() -> rig.children.close(true));
        Files.createFile(directory.resolve("end-brief"));
        await().until(() -> ProcFs.stat(brief.pid()).orElseThrow().zombie());

        try (Rig next = new Rig(id, directory)) {
            // when
            next.onLoop(() -> {
                next.children.adopt(instance("brief"), 1, brief);
                next.children.adopt(instance("lasting"), 1, lasting);
            });

            // then
            assertThat(next.exited("brief").status()).isEqualTo(new ExitStatus.Exited(6));
            Files.createFile(directory.resolve("end-lasting"));
            assertThat(next.exited("lasting").status()).isEqualTo(new ExitStatus.Exited(5));
        }
    }

    private String failure(ServiceSpec spec) {
        rig.spawn(spec);
        return rig.await(
                        SpawnFailed.class, failed -> failed.instance().service().equals(spec.name()))
                .reason();
    }

    private int pidIn(String name) throws IOException {
        Path file = directory.resolve(name);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Integer.parseInt(Files.readString(file).strip());
    }

    private static ServiceSpec with(
            ServiceSpec spec, Optional<String> workingDirectory, Map<String, String> environment) {
        return spec.with(new Program(spec.program().command(), workingDirectory, environment));
    }
}
