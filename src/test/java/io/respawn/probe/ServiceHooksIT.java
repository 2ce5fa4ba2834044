package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Effect;
import io.respawn.core.Event;
import io.respawn.core.Event.HookEnded;
import io.respawn.linux.Orphans;
import io.respawn.linux.ProcFs;
import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.Hooks;
import io.respawn.model.InstanceId;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks that are real processes and connections. */
class ServiceHooksIT {

    private static final InstanceId WEB = new InstanceId(ProcessSide.WEB, 0);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<Integer> before = ProcFs.ownChildren();
    private final List<Event> reported = new CopyOnWriteArrayList<>();
    private final ProcessSide processes = new ProcessSide();
    private final ServiceProber prober = prober();

    private ServiceProber prober() {
        return new ServiceProber(reported::add, processes.attendants(), new Statistics());
    }

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

    private static ServiceSpec spec(Probe.Check preStop, Probe.Check postStop) {
        return ProcessSide.spec(Probes.NONE)
                .with(new Hooks(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Hook(preStop, SOON)),
                        Optional.of(new Hook(postStop, SOON))));
    }

    private static Probe.Check script(String script) {
        return new Probe.Exec(List.of("/bin/sh", "-c", script));
    }

    private static Effect.RunHook order(HookPoint point, Duration limit) {
        return new Effect.RunHook(WEB, 3, point, limit, new TreeMap<>(Map.of("RESPAWN_EXIT_CODE", "7")));
    }

    private List<String> lines() {
        try {
            Path file = directory.resolve("lines");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String file() {
        return directory.resolve("lines").toString();
    }

    private HookEnded ended(int count) {
        await().atMost(SOON).until(() -> reported.size() >= count);
        return (HookEnded) reported.get(count - 1);
    }

    @Test
    void ofAnInstanceTheNextBeginsWhenTheOneBeforeIsGoneAndEachIsDoneOnce() {
        // given
        ServiceSpec spec = spec(
                script("trap '' TERM; echo first >> " + file() + "; sleep 1000 & wait"),
                script("echo second $RESPAWN_EXIT_CODE $RESPAWN_HELPER >> " + file()));
        prober.hooks().run(spec, order(HookPoint.PRE_STOP, SOON));
        await().atMost(SOON).until(() -> lines().size() == 1);

        // when
        prober.hooks().run(spec, order(HookPoint.PRE_STOP, SOON));
        prober.hooks().cancel(new Effect.CancelHook(WEB, 3, HookPoint.PRE_STOP));
        prober.hooks().run(spec, order(HookPoint.POST_STOP, SOON));

        // then
        assertThat(ended(1)).matches(end -> !end.success() && end.point() == HookPoint.PRE_STOP);
        assertThat(ended(2)).matches(end -> end.success() && end.point() == HookPoint.POST_STOP);
        assertThat(lines()).containsExactly("first", "second 7 hook");
        assertThat(reported).hasSize(2);
    }

    @Test
    void endsOneThatTakesTooLongWithItsWholeGroup() {
        // when
        prober.hooks()
                .run(
                        spec(script("sleep 1000 & sleep 1000"), script("true")),
                        order(HookPoint.PRE_STOP, Duration.ofMillis(300)));

        // then
        assertThat(ended(1)).matches(end -> !end.success());
        assertThat(ended(1).detail()).contains("longer than 300 ms");
    }

    @Test
    void saysSoIfThereIsNoSuchProgramAndIfNobodyListens() {
        // given
        ServiceSpec spec = spec(new Probe.Exec(List.of("/no/such/program")), new Probe.HttpGet(1, "/"));

        // when
        prober.hooks().run(spec, order(HookPoint.PRE_STOP, SOON));
        prober.hooks().run(spec, order(HookPoint.POST_STOP, SOON));

        // then
        assertThat(ended(1).detail()).contains("/no/such/program");
        assertThat(ended(2).detail()).contains("Cannot get http://127.0.0.1:1/");
        assertThat(reported).allMatch(end -> !((HookEnded) end).success());
    }

    @Test
    void anotherGoesOnWithAProcessThatWasBegunAndHearsOfItsEnd() throws IOException {
        // given
        ServiceSpec spec = spec(
                script("echo begun >> " + file() + "; while ! [ -f " + directory.resolve("go")
                        + " ]; do sleep 0.05; done;" + " exit 5"),
                script("true"));
        ServiceProber first = prober();
        first.hooks().run(spec, order(HookPoint.PRE_STOP, SOON));
        await().atMost(SOON).until(() -> lines().size() == 1);
        List<KeptHook> kept = first.keptHooks();
        first.leave();

        // when
        kept.forEach(hook -> prober.goOn(spec, hook));
        prober.hooks().run(spec, order(HookPoint.PRE_STOP, SOON));
        Files.createFile(directory.resolve("go"));

        // then
        assertThat(ended(1).detail()).contains("exit code 5");
        assertThat(lines()).containsExactly("begun");
        assertThat(kept).singleElement().matches(hook -> hook.point() == HookPoint.PRE_STOP);
    }
}
