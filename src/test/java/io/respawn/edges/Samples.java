package io.respawn.edges;

import io.respawn.core.Instance;
import io.respawn.core.Instance.LastExit;
import io.respawn.core.InstanceState;
import io.respawn.core.Intent;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.QueuePlace;
import io.respawn.core.Service;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Program;
import io.respawn.model.Role;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.supervise.Durability;
import io.respawn.supervise.ForwardCounts;
import io.respawn.supervise.ProbeAnswer;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Snapshot.Phase;
import io.respawn.supervise.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** A sidecar with two services, as it could be: {@code web} is essential and has two instances, {@code batch} is neither. */
public final class Samples {

    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    public static final ServiceName WEB = new ServiceName("web");
    public static final ServiceName BATCH = new ServiceName("batch");

    private Samples() {}

    public static Snapshot healthy(Intent... intents) {
        return snapshot(ready(0), KafkaStatus.LIVE, Durability.KAFKA, intents);
    }

    /** Some of the orders wait for the budget. */
    public static Snapshot waiting(Map<IntentId, QueuePlace> places, Intent... intents) {
        return snapshot(ready(0), KafkaStatus.LIVE, Durability.KAFKA, places, intents);
    }

    public static Snapshot degraded() {
        return snapshot(ready(0), KafkaStatus.DEGRADED, Durability.LOCAL);
    }

    public static Snapshot fenced() {
        return snapshot(ready(0), KafkaStatus.FENCED, Durability.LOCAL);
    }

    public static Snapshot inMemory() {
        return snapshot(ready(0), KafkaStatus.DEGRADED, Durability.MEMORY);
    }

    /** An instance of {@code web} was killed and backs off. */
    public static Snapshot crashed() {
        return snapshot(
                new Instance(
                        new InstanceId(WEB, 0),
                        4,
                        Optional.empty(),
                        new InstanceState.BackingOff(NOW.plusSeconds(2), "SIGKILL, attempt 2"),
                        2,
                        3,
                        Optional.of(new LastExit(4, new ExitStatus.Signalled(9, false), NOW, 1)),
                        1),
                KafkaStatus.LIVE,
                Durability.KAFKA);
    }

    public static Intent intent(String id, long order, Intent.Phase phase) {
        return intent(Command.of(new IntentId(id), "api", Action.RESTART, Optional.of(WEB)), order, phase);
    }

    public static Intent intent(Command command, long order, Intent.Phase phase) {
        return new Intent(command, order, Intent.Origin.LOCAL, Optional.empty(), NOW, phase);
    }

    public static Intent.Ended ended(Intent.Outcome outcome, String detail) {
        return new Intent.Ended(
                outcome,
                NOW.plusSeconds(1),
                detail,
                List.of(new Intent.Target(0, 1, 2, Optional.of(new Intent.Result(outcome, detail)))));
    }

    private static Instance ready(int index) {
        return new Instance(
                new InstanceId(WEB, index),
                1,
                Optional.of(new IntentId("first")),
                new InstanceState.Ready(new ProcessIdentity(4711 + index, 99), NOW, NOW.plusSeconds(1)),
                0,
                0,
                Optional.empty(),
                1);
    }

    private static Snapshot snapshot(Instance first, KafkaStatus kafka, Durability durability, Intent... intents) {
        return snapshot(first, kafka, durability, Map.of(), intents);
    }

    private static Snapshot snapshot(
            Instance first,
            KafkaStatus kafka,
            Durability durability,
            Map<IntentId, QueuePlace> places,
            Intent... intents) {
        SortedMap<ServiceName, Service> services = new TreeMap<>();
        services.put(WEB, service(WEB, first, ready(1)));
        services.put(BATCH, service(BATCH, Instance.fresh(new InstanceId(BATCH, 0), new InstanceState.Stopped())));
        Map<IntentId, Intent> known = new LinkedHashMap<>();
        Arrays.stream(intents).forEach(intent -> known.put(intent.id(), intent));
        Ledger ledger = new Ledger(3, 17, new HostIdentity("boot", 1), new TreeMap<>(), intents.length);
        return new Snapshot(
                NOW,
                plan(),
                Phase.RUNNING,
                kafka,
                "as told",
                durability,
                "read-only",
                ledger,
                services,
                known,
                Map.of(),
                places,
                Map.of(new InstanceId(WEB, 0), "serving 3 guests"),
                Map.of(
                        new InstanceId(WEB, 0),
                        List.of(new ProbeAnswer(
                                ProbeAnswer.Kind.READINESS, NOW.minusSeconds(1), false, "GET /ready answered 503"))),
                Map.of(
                        new InstanceId(WEB, 0),
                        new Usage(
                                NOW.minusSeconds(2),
                                first.incarnation(),
                                Duration.ofMillis(12_340),
                                200L << 20,
                                3,
                                25,
                                OptionalInt.of(41))),
                new TreeMap<>(Map.of(WEB, new ForwardCounts.Count(1200, 3, 17))),
                5);
    }

    private static Service service(ServiceName name, Instance... instances) {
        return new Service(name, Service.Desired.UP, false, "", 1, StopPolicy.DEFAULT, List.of(instances));
    }

    private static Probe asking(Probe.Check check) {
        return new Probe(check, Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(1), 1, 3);
    }

    private static Plan plan() {
        ServiceSpec plain = ServiceSpec.of(WEB, List.of("/srv/web", "--port", "9100"));
        ServiceSpec web = plain.with(
                        new Program(plain.program().command(), Optional.of("/srv"), Map.of("TOKEN", "secret-value")))
                .withInstances(2)
                .with(new Role(true, true, false, false, 0))
                .with(new Probes(
                        Optional.empty(),
                        Optional.of(asking(new Probe.HttpGet(9100, "/ready"))),
                        Optional.of(new Probes.Liveness(
                                asking(new Probe.Exec(List.of("/srv/alive", "--quick"))),
                                Optional.of(Signal.QUIT),
                                true))));
        return new Plan(
                new SidecarId("demo"),
                Map.of("app", "shop"),
                new TreeMap<>(Map.of(WEB, web, BATCH, ServiceSpec.of(BATCH, List.of("/srv/batch")))));
    }
}
