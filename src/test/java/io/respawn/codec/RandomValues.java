package io.respawn.codec;

import io.respawn.core.Batch;
import io.respawn.core.DeadLetter;
import io.respawn.core.Event.Noted;
import io.respawn.core.HookState;
import io.respawn.core.Instance;
import io.respawn.core.Instance.LastExit;
import io.respawn.core.InstanceState;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.Lineage;
import io.respawn.core.PublicEvent;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.HookPoint;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.model.WaitFor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes all kinds of values from a seed, the odd ones included. */
public final class RandomValues {

    private static final List<String> TEXTS = List.of(
            "",
            "deploy of 2030",
            "\"quoted\" \\ and / {[",
            "umlaut äöü, emoji \uD83D\uDE80",
            "half a pair \uD83D",
            "control \u0000\u0007\n\t",
            "\uFEFFmark",
            "x".repeat(300));

    private final Random random;

    public RandomValues(long seed) {
        this.random = new Random(seed);
    }

    /** The seed to use: the one given by {@code -Dseed=}, else a fresh one, printed so that it can be given. */
    public static long seed(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.Logger log = System.getLogger(RandomValues.class.getName());
        log.log(System.Logger.Level.INFO, test + ": -Dseed=" + seed);
        return seed;
    }

    public Random random() {
        return random;
    }

    public Batch batch(Ledger ledger) {
        return new Batch(ledger, list(4, this::record), list(3, this::event), list(2, this::deadLetter));
    }

    public Ledger ledger(long epoch, long seq) {
        SortedMap<String, Long> positions = new TreeMap<>();
        list(3, this::position).forEach(position -> positions.put(position.partitionName(), position.offset()));
        SortedMap<Long, String> lives = new TreeMap<>();
        list(3, this::text).forEach(life -> lives.put(big(), life));
        return new Ledger(
                epoch,
                seq,
                new HostIdentity("boot-" + random.nextInt(), random.nextLong()),
                positions,
                big(),
                new TreeMap<>(),
                new Lineage(lives),
                new TreeMap<>(Map.of("respawn.commands", text())),
                big(),
                big());
    }

    public StateRecord record() {
        return switch (random.nextInt(6)) {
            case 0 -> new StateRecord.ServiceTombstone(serviceName());
            case 1 -> new StateRecord.IntentTombstone(intentId());
            case 2, 3 -> service();
            default -> intent();
        };
    }

    public Service service() {
        ServiceName name = serviceName();
        List<Instance> instances = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            instances.add(instance(new InstanceId(name, i)));
        }
        return new Service(
                name, one(Service.Desired.values()), random.nextBoolean(), text(), big(), stopPolicy(), instances);
    }

    /** As it is recorded: signals only. */
    private StopPolicy stopPolicy() {
        int count = 1 + random.nextInt(3);
        List<StopPolicy.Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(new StopPolicy.Step(
                    new StopPolicy.Way.Send(one(Signal.values())), Duration.ofMillis(random.nextInt(80_000_000))));
        }
        return new StopPolicy(steps);
    }

    private Instance instance(InstanceId id) {
        return new Instance(
                id,
                big(),
                maybe(this::intentId),
                state(),
                random.nextInt(100),
                big(),
                maybe(() -> new LastExit(big(), exit(), instant(), random.nextInt(5))),
                big(),
                list(3, this::instant),
                new HookState(
                        maybe(() -> new HookState.UnderWay(one(HookPoint.values()), text(), maybe(this::instant))),
                        maybe(() -> new HookState.Failure(one(HookPoint.values()), big(), text(), instant()))));
    }

    public InstanceState state() {
        return switch (random.nextInt(10)) {
            case 0 -> new InstanceState.Stopped();
            case 1 -> new InstanceState.Waiting(instant());
            case 2 -> new InstanceState.Starting(instant(), random.nextBoolean(), random.nextBoolean());
            case 3 -> new InstanceState.Running(process(), instant(), random.nextBoolean());
            case 4 -> new InstanceState.Ready(process(), instant(), instant());
            case 5 ->
                new InstanceState.Terminating(
                        process(), instant(), instant(), random.nextInt(10), one(InstanceState.StopCause.values()));
            case 6 -> new InstanceState.Killing(process(), instant(), instant(), one(InstanceState.StopCause.values()));
            case 7 -> new InstanceState.BackingOff(instant(), text());
            case 8 ->
                new InstanceState.Exhausted(
                        instant(),
                        text(),
                        random.nextBoolean() ? java.util.Optional.of(instant()) : java.util.Optional.empty());
            default -> new InstanceState.Completed(exit(), random.nextBoolean());
        };
    }

    public Intent intent() {
        Intent.Phase phase =
                switch (random.nextInt(3)) {
                    case 0 -> new Intent.Pending();
                    case 1 -> new Intent.Started(instant(), list(3, this::target));
                    default ->
                        new Intent.Ended(
                                one(Intent.Outcome.values()),
                                instant(),
                                text(),
                                list(3, this::target),
                                maybe(this::intentId),
                                maybe(() -> java.time.Duration.ofNanos(random.nextInt(Integer.MAX_VALUE))));
                };
        return new Intent(command(), big(), one(Intent.Origin.values()), maybe(this::position), instant(), phase);
    }

    private Intent.Target target() {
        return new Intent.Target(
                random.nextInt(10), big(), big(), maybe(() -> new Intent.Result(one(Intent.Outcome.values()), text())));
    }

    public Command command() {
        Action action = one(Action.values());
        return new Command(
                intentId(),
                text(),
                action,
                action.needsService() ? Optional.of(serviceName()) : Optional.empty(),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(1000)),
                action == Action.SCALE ? OptionalInt.of(1 + random.nextInt(1000)) : OptionalInt.empty(),
                action == Action.SIGNAL ? Optional.of(one(Signal.values())) : Optional.empty(),
                action == Action.CANCEL ? Optional.of(intentId()) : Optional.empty(),
                text(),
                text(),
                random.nextInt(-100, 101),
                maybe(this::instant),
                maybe(this::instant),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(big()),
                one(WaitFor.values()),
                maybe(this::duration),
                random.nextBoolean(),
                text(),
                random.nextLong());
    }

    public PublicEvent event() {
        return new PublicEvent(
                intentId() + "/" + random.nextInt(),
                PublicEvent.serviceType("exited"),
                instant(),
                maybe(this::serviceName),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(9)),
                maybe(this::intentId),
                text(),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(big()),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(big()),
                text(),
                text(),
                text(),
                text(),
                text(),
                text());
    }

    public DeadLetter deadLetter() {
        return new DeadLetter(
                position(),
                maybe(this::bytes),
                maybe(this::bytes),
                list(3, () -> new DeadLetter.Header(text(), bytes())),
                text(),
                instant());
    }

    public Noted noted() {
        return new Noted(
                new InstanceId(serviceName(), random.nextInt(9)), big(), maybe(this::intentId), maybe(this::process));
    }

    public ServiceName serviceName() {
        return new ServiceName(one(new String[] {"web", "worker", "a.b-c", "0", "x".repeat(63)}));
    }

    public IntentId intentId() {
        return new IntentId("intent:" + random.nextInt(1000) + "/A_b.c-d");
    }

    public byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private ExitStatus exit() {
        return switch (random.nextInt(3)) {
            case 0 -> new ExitStatus.Exited(random.nextInt(256));
            case 1 -> new ExitStatus.Signalled(random.nextInt(1, 65), random.nextBoolean(), random.nextBoolean());
            default -> new ExitStatus.Unknown(text());
        };
    }

    private ProcessIdentity process() {
        return new ProcessIdentity(random.nextInt(1, Integer.MAX_VALUE), big());
    }

    private Position position() {
        return new Position("respawn.commands", random.nextInt(16), big());
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000));
    }

    private Duration duration() {
        return Duration.ofNanos(random.nextLong(0, 100_000_000_000L));
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private long big() {
        return random.nextInt(10) == 0 ? Long.MAX_VALUE : random.nextLong(0, 1_000_000);
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> list(int bound, Supplier<? extends T> value) {
        List<T> values = new ArrayList<>();
        int count = random.nextInt(bound);
        for (int i = 0; i < count; i++) {
            values.add(value.get());
        }
        return values;
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
