package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Batch;
import io.respawn.core.DeadLetter;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.Intent;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Ledger;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.model.WaitFor;
import io.respawn.testing.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds version 1 of the durable forms to files that were released: they are read for ever, and written the same as long
 * as no field is added. A new example is written by {@code -Dgolden.add=true}; one that is there is never overwritten.
 */
final class GoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden/v1");
    private static final Instant AT = Instant.parse("2030-01-01T00:00:00.000000001Z");
    private static final ServiceName WEB = new ServiceName("web");
    private static final ProcessIdentity PROCESS = new ProcessIdentity(4711, 99887766);
    private static final RecordCodec RECORDS = new RecordCodec(GoldenTest::unexpected);
    private static final BatchCodec BATCHES = new BatchCodec(GoldenTest::unexpected);
    private static final Ledger LEDGER = new Ledger(
            3,
            42,
            new HostIdentity("5b1c6d0e-0000-4000-8000-000000000000", 4026531836L),
            new TreeMap<>(Map.of("respawn.commands-0", 0L, "respawn.commands-3", 17L)),
            9);

    static List<String> records() {
        return List.copyOf(examples().keySet());
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsAndWritesRecordsAsReleased(String name) throws IOException {
        // given
        StateRecord record = examples().get(name);

        // when
        byte[] golden = golden(name, RECORDS.encode(record));

        // then
        assertThat(RECORDS.decode(record.key(), golden)).isEqualTo(record);
        assertThat(RECORDS.encode(record)).asString(StandardCharsets.UTF_8).isEqualTo(text(golden));
    }

    @Test
    void readsAndWritesTheLedgerAsReleased() throws IOException {
        // when
        byte[] golden = golden("ledger", RECORDS.encode(LEDGER));

        // then
        assertThat(RECORDS.decodeLedger(golden)).isEqualTo(LEDGER);
        assertThat(RECORDS.encode(LEDGER)).asString(StandardCharsets.UTF_8).isEqualTo(text(golden));
    }

    @Test
    void readsAndWritesABatchAsReleased() throws IOException {
        // given
        Batch batch = new Batch(
                LEDGER,
                List.of(
                        service(new InstanceState.Ready(PROCESS, AT, AT.plusSeconds(1))),
                        intent(new Intent.Pending()),
                        new StateRecord.ServiceTombstone(new ServiceName("gone")),
                        new StateRecord.IntentTombstone(new IntentId("old"))),
                List.of(new PublicEvent(
                        "shop-1/3/42/0",
                        PublicEvent.serviceType("ready"),
                        AT,
                        Optional.of(WEB),
                        OptionalInt.of(0),
                        Optional.of(new IntentId("order-7")),
                        "restart",
                        OptionalLong.of(6),
                        OptionalLong.of(7),
                        "exit code 1",
                        "new build",
                        "ci",
                        "ready after 1 s",
                        "respawn.commands-3@16",
                        "00-a-b-01")),
                List.of(new DeadLetter(
                        new Position("respawn.commands", 3, 15),
                        Optional.of(new byte[] {1, 2}),
                        Optional.of(new byte[] {-1}),
                        List.of(new DeadLetter.Header("h", new byte[] {3})),
                        "Cannot read a command",
                        AT)));

        // when
        byte[] golden = golden("batch", BATCHES.encode(batch));

        // then
        assertThat(BATCHES.decode(golden)).usingRecursiveComparison().isEqualTo(batch);
        assertThat(BATCHES.encode(batch)).asString(StandardCharsets.UTF_8).isEqualTo(text(golden));
    }

    private static Map<String, StateRecord> examples() {
        Map<String, StateRecord> examples = new LinkedHashMap<>();
        List.of(
                        new InstanceState.Stopped(),
                        new InstanceState.Waiting(AT),
                        new InstanceState.Starting(AT, true),
                        new InstanceState.Running(PROCESS, AT),
                        new InstanceState.Ready(PROCESS, AT, AT.plusSeconds(1)),
                        new InstanceState.Terminating(PROCESS, AT, AT.plusSeconds(10), 0, StopCause.ORDERED),
                        new InstanceState.Killing(PROCESS, AT, AT.plusSeconds(10), StopCause.START_TIMEOUT),
                        new InstanceState.BackingOff(AT, "exit code 1"),
                        new InstanceState.Exhausted(AT, "5 ends in 60 s", Optional.empty()),
                        new InstanceState.Completed(new ExitStatus.Exited(0), true))
                .forEach(state -> examples.put("service-" + state.word(), service(state)));
        examples.put("service-heard", service(new InstanceState.Starting(AT, false, true)));
        examples.put("service-awaited", service(new InstanceState.Running(PROCESS, AT, true)));
        Intent.Target done = new Intent.Target(0, 6, 7, Optional.of(new Intent.Result(Outcome.SUCCEEDED, "ready")));
        Intent.Target open = new Intent.Target(1, 2, 2, Optional.empty());
        examples.put("intent-pending", intent(new Intent.Pending()));
        examples.put("intent-started", intent(new Intent.Started(AT, List.of(done, open))));
        examples.put(
                "intent-ended", intent(new Intent.Ended(Outcome.COALESCED, AT, "by incarnation 8", List.of(done))));
        Intent.Target rode =
                new Intent.Target(0, 6, 7, Optional.of(new Intent.Result(Outcome.COALESCED, "by order-5")));
        examples.put(
                "intent-ended-by",
                intent(new Intent.Ended(
                        Outcome.COALESCED, AT, "by order-5", List.of(rode), Optional.of(new IntentId("order-5")))));
        return examples;
    }

    private static Service service(InstanceState state) {
        return new Service(
                WEB,
                Service.Desired.UP,
                true,
                "ci",
                2,
                StopPolicy.of(Signal.QUIT, Duration.ofSeconds(30)),
                List.of(
                        new Instance(
                                new InstanceId(WEB, 0),
                                7,
                                Optional.of(new IntentId("order-7")),
                                state,
                                3,
                                5,
                                Optional.of(new Instance.LastExit(6, new ExitStatus.Signalled(9, true), AT, 1)),
                                8),
                        new Instance(
                                new InstanceId(WEB, 1),
                                0,
                                Optional.empty(),
                                new InstanceState.Completed(new ExitStatus.Unknown("nobody was there"), false),
                                0,
                                0,
                                Optional.empty(),
                                0)));
    }

    private static Intent intent(Intent.Phase phase) {
        Command command = Commands.signal(new IntentId("order-7"), WEB, Signal.HUP)
                .source("/ci")
                .instance(1)
                .target(new IntentId("order-6"))
                .reason("new build")
                .requestedBy("ci")
                .priority(-5)
                .notBefore(AT)
                .expiresAt(AT.plusSeconds(60))
                .ifIncarnation(6)
                .waitFor(WaitFor.READY)
                .gracePeriod(Duration.ofMillis(1500))
                .force(true)
                .traceparent("00-a-b-01")
                .bodyHash(-1234567890123456789L)
                .made();
        return new Intent(
                command, 9, Intent.Origin.TOPIC, Optional.of(new Position("respawn.commands", 3, 16)), AT, phase);
    }

    private static byte[] golden(String name, byte[] current) throws IOException {
        Path file = FOLDER.resolve(name + ".json");
        if (Boolean.getBoolean("golden.add") && !Files.exists(file)) {
            Files.createDirectories(FOLDER);
            Files.write(file, current);
        }
        return Files.readAllBytes(file);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void unexpected(String field) {
        throw new AssertionError("Nobody reads the field " + field);
    }
}
