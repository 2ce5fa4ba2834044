package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.DB_0;
import static io.respawn.core.Machines.WEB;
import static io.respawn.core.Machines.WEB_0;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.TimerKey.Purpose;
import io.respawn.model.Action;
import io.respawn.model.ExitStatus;
import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.Hooks;
import io.respawn.model.Probe;
import io.respawn.model.StartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Visits every cell of the transition table in the Javadoc of {@link InstanceState}. */
class TransitionTableTest {

    private static final Path SOURCE = Path.of("src/main/java/io/respawn/core/InstanceState.java");
    private static final long INCARNATION = 3;

    @TestFactory
    Stream<DynamicTest> everyCellIsAsWritten() throws IOException {
        List<DynamicTest> cells = new ArrayList<>();
        table().forEach((event, row) -> row.forEach((state, expected) -> cells.add(DynamicTest.dynamicTest(
                event + " in " + state + " -> " + expected, () -> check(event, state, expected)))));
        assertThat(cells).hasSize(23 * 10);
        return cells.stream();
    }

    @Test
    void theTableNamesEveryState() throws IOException {
        List<String> states = Arrays.stream(InstanceState.class.getPermittedSubclasses())
                .flatMap(type -> type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.of(type))
                .map(Class::getSimpleName)
                .toList();
        assertThat(table().values()).allSatisfy(row -> assertThat(row.keySet()).hasSameElementsAs(states));
    }

    private static Map<String, Map<String, String>> table() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE).stream()
                .dropWhile(line -> !line.contains("<pre>"))
                .skip(1)
                .takeWhile(line -> !line.contains("</pre>"))
                .map(line -> line.replaceFirst("^ \\* ", ""))
                .toList();
        String[] header = lines.getFirst().split(" {2,}", -1);
        Map<String, Map<String, String>> table = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(" {2,}", -1);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 1; i < header.length; i++) {
                row.put(header[i], cells[i]);
            }
            table.put(cells[0], row);
        }
        return table;
    }

    private static void check(String event, String state, String expected) {
        // given: web waits for db, so that Waiting can be seen; its process has a probe, so that Running can
        Machines machine = new Machines(
                        Machines.spec(WEB, true, DB)
                                .with(new StartPolicy(Duration.ofSeconds(30), true, Optional.empty(), Optional.empty()))
                                .with(hooks()),
                        Machines.spec(DB, true))
                .started();
        Instance db = machine.state.instance(DB_0).orElseThrow();
        InstanceState before = awaitedIf("came up".equals(event), state(state, machine.now));
        machine.state.fold(machine.state
                .service(WEB)
                .orElseThrow()
                .with(new Instance(WEB_0, INCARNATION, Optional.empty(), before, 2, 5, Optional.empty(), 0)
                        .with(event.startsWith("hook ") ? underWay(state, machine.now) : HookState.DEFAULT)));
        // when
        cause(machine, event, state, db.incarnation());
        // then
        InstanceState after = machine.web().state();
        switch (expected) {
            case "-" -> assertThat(after).isEqualTo(before);
            case "over" -> {
                assertThat(after).isEqualTo(before);
                assertThat(machine.web().hooks().underWay()).isEmpty();
            }
            case "Starting*" -> assertThat(after).isEqualTo(new InstanceState.Starting(machine.now, true));
            case "Starting+" -> assertThat(after).isEqualTo(new InstanceState.Starting(machine.now, false, true));
            case "Running+", "Running-" ->
                assertThat(after)
                        .isEqualTo(new InstanceState.Running(
                                Machines.process(7), machine.now, "Running-".equals(expected)));
            case "another" -> assertThat(after).isEqualTo(((InstanceState.Live) before).with(Machines.process(9)));
            case "later" ->
                assertThat(after)
                        .isEqualTo(new InstanceState.Terminating(
                                Machines.process(7), machine.now, machine.now.plusSeconds(90), 0, StopCause.ORDERED));
            case "policy" -> assertThat(after).isInstanceOf(InstanceState.BackingOff.class);
            case "next" -> assertThat(after).isInstanceOf(InstanceState.Waiting.class);
            default -> assertThat(after.getClass().getSimpleName()).isEqualTo(expected.replace("*", ""));
        }
        long used = "Starting".equals(expected) ? INCARNATION + 1 : INCARNATION;
        assertThat(machine.web().incarnation()).isEqualTo(used);
    }

    private static InstanceState awaitedIf(boolean awaited, InstanceState state) {
        return awaited && state instanceof InstanceState.Running running
                ? new InstanceState.Running(running.process(), running.startedAt(), true)
                : state;
    }

    private static Hooks hooks() {
        Hook hook = new Hook(new Probe.Exec(List.of("/bin/hook")), Duration.ofSeconds(30));
        return new Hooks(
                Optional.of(new Hooks.PreStart(hook, false)),
                Optional.of(new Hooks.PostStart(hook, true)),
                Optional.of(hook),
                Optional.of(hook));
    }

    private static HookPoint point(String state) {
        return switch (state) {
            case "Starting" -> HookPoint.PRE_START;
            case "Running" -> HookPoint.POST_START;
            case "Terminating" -> HookPoint.PRE_STOP;
            default -> HookPoint.POST_STOP;
        };
    }

    private static HookState underWay(String state, Instant now) {
        boolean never = state.equals("Ready") || state.equals("Killing");
        return never
                ? HookState.DEFAULT
                : HookState.DEFAULT.at(new HookState.UnderWay(point(state), "", Optional.of(now.plusSeconds(30))));
    }

    private static InstanceState state(String name, Instant now) {
        var process = Machines.process(7);
        return switch (name) {
            case "Stopped" -> new InstanceState.Stopped();
            case "Waiting" -> new InstanceState.Waiting(now);
            case "Starting" -> new InstanceState.Starting(now, false);
            case "Running" -> new InstanceState.Running(process, now);
            case "Ready" -> new InstanceState.Ready(process, now, now);
            case "Terminating" ->
                new InstanceState.Terminating(process, now, now.plusSeconds(10), 0, StopCause.ORDERED);
            case "Killing" -> new InstanceState.Killing(process, now, now.plusSeconds(5), StopCause.ORDERED);
            case "BackingOff" -> new InstanceState.BackingOff(now.plusSeconds(1), "exit code 1");
            case "Exhausted" -> new InstanceState.Exhausted(now, "too many ends", Optional.of(now.plusSeconds(60)));
            case "Completed" -> new InstanceState.Completed(new ExitStatus.Exited(0), true);
            default -> throw new IllegalArgumentException("Cannot make state " + name);
        };
    }

    private static void cause(Machines machine, String event, String state, long dbIncarnation) {
        switch (event) {
            case "ordered up" -> machine.order(Action.START, WEB);
            case "ordered down" -> machine.order(Action.STOP, WEB);
            case "ordered again" -> machine.order(Action.RESTART, WEB);
            case "dependencies met" -> {
                machine.feed(new Event.ProcessSpawned(DB_0, dbIncarnation, Machines.process(8)));
                machine.feed(new Event.ReadinessChanged(DB_0, dbIncarnation, true, ""));
            }
            case "spawned" -> machine.feed(new Event.ProcessSpawned(WEB_0, INCARNATION, Machines.process(9)));
            case "spawn failed" -> machine.feed(new Event.SpawnFailed(WEB_0, INCARNATION, "no such file"));
            case "ready" -> machine.feed(new Event.ReadinessChanged(WEB_0, INCARNATION, true, ""));
            case "unready" -> machine.feed(new Event.ReadinessChanged(WEB_0, INCARNATION, false, "refused"));
            case "came up" -> machine.feed(new Event.CameUp(WEB_0, INCARNATION, "READY"));
            case "withdrew" -> machine.feed(new Event.Withdrew(WEB_0, INCARNATION, "RELOADING"));
            case "status told" -> machine.feed(new Event.StatusTold(WEB_0, INCARNATION, "busy"));
            case "handed over" -> machine.feed(new Event.HandedOver(WEB_0, INCARNATION, Machines.process(9)));
            case "timeout extended" ->
                machine.feed(new Event.TimeoutExtended(WEB_0, INCARNATION, Duration.ofSeconds(90)));
            case "exited" -> machine.feed(new Event.ProcessExited(WEB_0, INCARNATION, new ExitStatus.Exited(1), 0));
            case "unhealthy" ->
                machine.feed(new Event.ProbeFailed(WEB_0, INCARNATION, Event.ProbeFailed.Kind.LIVENESS, "no answer"));
            case "start timeout" -> fire(machine, Purpose.START_TIMEOUT);
            case "stop step failed" -> machine.feed(new Event.StopCommandFailed(WEB_0, INCARNATION, 0, "exit code 1"));
            case "hook succeeded" ->
                machine.feed(new Event.HookEnded(WEB_0, INCARNATION, point(state), true, "code 0"));
            case "hook failed" -> machine.feed(new Event.HookEnded(WEB_0, INCARNATION, point(state), false, "code 1"));
            case "grace ended" -> fire(machine, Purpose.GRACE);
            case "kill unanswered" -> fire(machine, Purpose.KILL);
            case "backoff ended" -> fire(machine, Purpose.BACKOFF);
            case "retry due" -> fire(machine, Purpose.RETRY);
            default -> throw new IllegalArgumentException("Cannot cause event " + event);
        }
    }

    private static void fire(Machines machine, Purpose purpose) {
        machine.feed(new Event.TimerFired(new TimerKey.OfInstance(WEB_0, purpose, INCARNATION)));
    }
}
