package io.respawn.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.codec.CodecException;
import io.respawn.codec.Seal;
import io.respawn.config.Settings;
import io.respawn.core.Batch;
import io.respawn.core.Instance;
import io.respawn.core.InstanceState;
import io.respawn.core.Ledger;
import io.respawn.core.MemoryPressure;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.State;
import io.respawn.core.TimerKey;
import io.respawn.model.HookPoint;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.RespawnTriggers;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.StopPolicy;
import io.respawn.probe.KeptHook;
import io.respawn.probe.KeptProbing;
import io.respawn.probe.KeptSocket;
import io.respawn.process.KeptHold;
import io.respawn.process.KeptOutput;
import io.respawn.process.KeptStart;
import io.respawn.process.KeptTimer;
import io.respawn.supervise.KeptForwarding;
import io.respawn.supervise.KeptUsage;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import io.respawn.supervise.ProbeAnswer;
import io.respawn.supervise.RespawnCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A capsule as it was released is read for ever: an update in place goes from one version to the next. The golden file is
 * written by {@code -Dgolden.add=true}; one that is there is never overwritten.
 */
final class CapsuleTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/v1/capsule.json");
    private static final Instant AT = Instant.parse("2030-01-01T00:00:00.000000001Z");
    private static final ServiceName WEB = new ServiceName("web");
    private static final InstanceId ONE = new InstanceId(WEB, 0);
    private static final InstanceId TWO = new InstanceId(WEB, 1);
    private static final IntentId ORDER = new IntentId("order-7");

    private final List<String> unknown = new ArrayList<>();

    @Test
    void comesBackEqual() {
        // given
        Capsule capsule = capsule(
                List.of(new KeptHold(TWO, 3, 13)),
                List.of(new KeptUsage(
                        ONE,
                        7,
                        Duration.ofMillis(12_345),
                        Duration.ofSeconds(2),
                        new MemoryPressure(7, Optional.of(AT), Optional.of(AT.minusSeconds(9)), 1))),
                List.of(new KeptHook(TWO, 3, HookPoint.PRE_STOP, 4712, 101)));

        // when
        Capsule read = Capsule.read(capsule.sealed(), unknown);

        // then
        assertThat(read).isEqualTo(capsule);
        assertThat(unknown).isEmpty();
    }

    @Test
    void isReadAsReleased() throws IOException {
        // given
        Capsule capsule = capsule();
        if (Boolean.getBoolean("golden.add") && !Files.exists(GOLDEN)) {
            Files.write(GOLDEN, Seal.open(capsule.sealed(), Capsule.VERSION));
        }

        // when
        Capsule read = Capsule.read(Seal.close(1, Files.readAllBytes(GOLDEN)), unknown);

        // then
        assertThat(read)
                .usingRecursiveComparison()
                // What a service does unless it is said may change; what was said is checked below.
                .ignoringFields("plan")
                .isEqualTo(capsule);
        assertThat(read.plan().id()).isEqualTo(capsule.plan().id());
        assertThat(read.plan().service(WEB).orElseThrow().program().command()).containsExactly("/srv/web", "--port=1");
        assertThat(unknown).isEmpty();
    }

    @Test
    void skipsWhatItDoesNotKnowAndDoesWithoutWhatIsMissing() {
        // given
        String content = content(capsule());
        String changed = content.replace("\"failures\":1", "\"failures\":1,\"later\":{\"is\":\"Later\"}")
                .replaceFirst("\"timers\":\\[.*?\\],", "")
                .replaceFirst("\"socket\":\\{.*?\\}\\]\\},", "");
        assertThat(changed).isNotEqualTo(content);

        // when
        Capsule read = Capsule.read(Seal.close(1, changed.getBytes(UTF_8)), unknown);

        // then
        assertThat(unknown).containsExactly("later");
        assertThat(read.timers()).isEmpty();
        assertThat(read.socket()).isEmpty();
        assertThat(read.continuation()).isEqualTo(capsule().continuation());
    }

    @Test
    void refusesANewerVersionAndWhatIsNoCapsuleInWords() {
        // given
        byte[] newer = Seal.close(Capsule.VERSION + 1, content(capsule()).getBytes(UTF_8));
        byte[] planless = Seal.close(1, "{}".getBytes(UTF_8));

        // then
        assertThatThrownBy(() -> Capsule.read(newer, unknown))
                .isInstanceOf(CodecException.class)
                .hasMessage("Cannot read a capsule of version 2: this program reads versions up to 1; respawn into one"
                        + " that knows it");
        assertThatThrownBy(() -> Capsule.read(planless, unknown))
                .isInstanceOf(CodecException.class)
                .hasMessage("Cannot read a capsule: 'plan' is missing");
    }

    @Test
    void tellsDescriptorsAndNoSecrets() {
        // given
        Capsule capsule = capsule(List.of(new KeptHold(TWO, 3, 13)));

        // then
        assertThat(capsule.descriptors()).containsExactlyInAnyOrder(11, 12, 9, 13);
        assertThat(capsule.toString()).isEqualTo("Capsule[shop: 1 processes, 1 timers, 1 pipes, 1 starts, 1 batches]");
    }

    private static String content(Capsule capsule) {
        return new String(Seal.open(capsule.sealed(), Capsule.VERSION), UTF_8);
    }

    /** As the first version had it. */
    private static Capsule capsule() {
        return capsule(List.of());
    }

    private static Capsule capsule(List<KeptHold> holds) {
        return capsule(holds, List.of(), List.of());
    }

    private static Capsule capsule(List<KeptHold> holds, List<KeptUsage> usages, List<KeptHook> hooks) {
        Plan plan = new Plan(
                new SidecarId("shop"),
                Map.of("app", "shop"),
                new TreeMap<>(Map.of(WEB, ServiceSpec.of(WEB, List.of("/srv/web", "--port=1")))));
        Ledger ledger = new Ledger(
                3, 42, new HostIdentity("boot", 4026531836L), new TreeMap<>(Map.of("respawn.commands-3", 17L)), 9);
        Service service = new Service(
                WEB,
                Service.Desired.UP,
                true,
                "op@box",
                1,
                StopPolicy.DEFAULT,
                List.of(
                        instance(ONE, new InstanceState.Ready(new ProcessIdentity(4711, 99), AT, AT.plusSeconds(1))),
                        instance(TWO, new InstanceState.Starting(AT, false, false))),
                OptionalInt.of(2));
        State state = new State(plan, ledger);
        state.fold(service);
        return new Capsule(
                plan,
                settings(),
                Map.of("respawn.id", "shop"),
                state.continuation(),
                List.of(new Batch(ledger, List.of(service), List.of(event()), List.of())),
                List.of(new KeptTimer(new TimerKey.OfInstance(TWO, TimerKey.Purpose.BACKOFF, 4), 123_456_789_012_345L)),
                List.of(new KeptStart(TWO, 5, Optional.of(ORDER))),
                List.of(new KeptProbing(
                        ONE, 7, List.of(new ProbeAnswer(ProbeAnswer.Kind.READINESS, AT, true, "GET / answered 200")))),
                Optional.of(new KeptSocket(
                        12, "/run/respawn/shop/notify", List.of(new KeptSocket.Heard(ONE, 7, 123_456_789L)))),
                new KeptOutput(
                        List.of(new KeptOutput.Pipe(ONE, Stream.STDOUT, 11, "aGFsZg==", List.of(4L), 0, List.of())),
                        List.of(new Line(ONE, 17, AT, Stream.STDERR, "umlaut \u00e4", false)),
                        "cmVzdA==",
                        Optional.of(Path.of("/run/respawn/shop/output")),
                        List.of(),
                        KeptForwarding.DEFAULT),
                Optional.of(new Capsule.Place(Path.of("/run/respawn/shop"), 9)),
                Optional.empty(),
                AT.minus(Duration.ofDays(3)),
                123_456_789_012_000L,
                Optional.of(ORDER),
                1,
                holds,
                RespawnCounts.DEFAULT,
                usages,
                hooks);
    }

    private static Instance instance(InstanceId id, InstanceState state) {
        return new Instance(id, 7, Optional.of(ORDER), state, 1, 6, Optional.empty(), 2, List.of(AT));
    }

    private static Settings settings() {
        return new Settings(
                Optional.of(Path.of("/etc/respawn/respawn.yaml")),
                Optional.of(Path.of("/run/respawn/shop")),
                Settings.FirstPosition.LATEST,
                16,
                true,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                Settings.LogFormat.TEXT,
                Map.of("bootstrap.servers", "127.0.0.1:9092", "sasl.jaas.config", "a secret"),
                RespawnTriggers.DEFAULT);
    }

    private static PublicEvent event() {
        return new PublicEvent(
                "shop/3/42/0",
                PublicEvent.serviceType("ready"),
                AT,
                Optional.of(WEB),
                OptionalInt.of(0),
                Optional.of(ORDER),
                "restart",
                OptionalLong.of(6),
                OptionalLong.of(7),
                "",
                "new build",
                "ci",
                "",
                "respawn.commands-3@16",
                "");
    }
}
