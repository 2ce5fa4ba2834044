package io.respawn.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.core.Batch;
import io.respawn.core.CommandTopics;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.core.Machine;
import io.respawn.core.PublicEvent;
import io.respawn.core.Stamp;
import io.respawn.core.State;
import io.respawn.core.TimerKey;
import io.respawn.model.Action;
import io.respawn.model.Backoff;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.Position;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.RestartPolicy;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.testing.NoHooks;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop with ports that fail: what goes wrong stays where it happens, and whoever waits is answered. */
class SupervisorTest {

    private static final HostIdentity HOST = new HostIdentity("boot-1", 1);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Event STOP = new Event.ShutdownRequested("the end", false);

    private final List<InstanceId> spawned = new ArrayList<>();
    private final List<Batch> journaled = new ArrayList<>();
    private final List<String> deeds = new ArrayList<>();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> synced = new ArrayList<>();
    private final Statistics statistics = new Statistics();
    private final State state = new State(plan("a", "b"), Ledger.fresh(HOST));
    private final Supervisor supervisor = new Supervisor(
            new Machine(SOON, Duration.ofSeconds(60)), state, this::execute, System::nanoTime, statistics);
    private int failures;
    private int shortages;
    private boolean held;
    private boolean full;

    @BeforeEach
    void start() {
        Ports ports = new Ports(
                this::stamp,
                new Disk(),
                new Kernel(),
                new NoProber(),
                (spec, order) -> {},
                new NoHooks(),
                new NoTimers(),
                intent -> {},
                new NoPlans(),
                code -> {});
        supervisor.start(ports, List.of());
    }

    /** The loop: at once, or later if it is held. */
    private void execute(Runnable task) {
        if (held) {
            tasks.add(task);
        } else {
            task.run();
        }
    }

    private void needMemory() {
        if (shortages > 0) {
            shortages--;
            throw new OutOfMemoryError("none");
        }
    }

    /** As the loop does, which is told of each shortage by what is thrown. */
    private void goOn() {
        try {
            supervisor.goOn();
        } catch (OutOfMemoryError still) {
            assertThat(still).hasMessage("none");
        }
    }

    private Stamp stamp() {
        needMemory();
        if (failures > 0) {
            failures--;
            throw new IllegalStateException("Cannot tell the time");
        }
        return new Stamp(NOW, 42);
    }

    private void begin(boolean durable) {
        supervisor.accept(new Event.SidecarStarted(HOST, List.of(), List.of(), durable, false));
    }

    private static Command order(String id) {
        return Command.of(new IntentId(id), "test", Action.PING, Optional.empty());
    }

    @Test
    void anEffectThatFailsTakesNoOtherWithIt() {
        // when the start of the first service cannot even be ordered
        begin(false);
        // then
        assertThat(spawned).contains(new InstanceId(new ServiceName("b"), 0));
        assertThat(state.services()
                        .get(new ServiceName("a"))
                        .instance(0)
                        .state()
                        .word())
                .isEqualTo("backing-off");
    }

    @Test
    void whoOrdersIsAnsweredAlsoWhenTheOrderCannotBeDecided() {
        // given
        begin(false);
        Command stop = Command.of(new IntentId("s"), "test", Action.STOP, Optional.of(new ServiceName("b")));
        // when
        failures = 1;
        // then
        assertThatThrownBy(() -> supervisor.submit(stop).await().atMost(SOON)).hasMessageContaining("Cannot take s");
        assertThat(state.intents()).isEmpty();
        assertThat(statistics.faults()).containsKey("step-failed");
    }

    @Test
    void whatMemoryGaveOutForIsDoneOnceThereIsSome() {
        // given
        shortages = 2;
        // when it gives out in the decision, in the journal and at a start, again and again
        begin(false);
        List<InstanceId> before = List.copyOf(spawned);
        shortages = 2;
        supervisor.accept(new Event.CommandReceived(order("p"), Optional.empty()));
        for (int i = 0; i < 10; i++) {
            // Each time one thing more is done than before.
            shortages = i < 6 ? 1 : 0;
            goOn();
        }
        // then nothing is left out, nothing done twice, and the order of events kept
        assertThat(before).isEmpty();
        assertThat(spawned).containsOnlyOnce(new InstanceId(new ServiceName("b"), 0));
        assertThat(journaled).extracting(Batch::seq).doesNotHaveDuplicates().isSorted();
        assertThat(state.intents()).containsKey(new IntentId("p"));
        assertThat(statistics.outOfMemoryCount()).isGreaterThanOrEqualTo(6);
        assertThat(statistics.faults()).doesNotContainKey("journal-append");
    }

    @Test
    void whatWaitsTogetherIsJournaledByOneWriteBeforeAnyOfItIsDone() {
        // given
        begin(false);
        deeds.clear();
        // when
        together(spawned("b"), new Event.CommandReceived(order("p"), Optional.empty()), STOP);
        // then
        assertThat(deeds).containsExactly("append 3", "SIGTERM b/0");
        assertThat(journaled).extracting(Batch::seq).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aFullDiskHoldsUpNothingThatWaitsTogether() {
        // given
        begin(true);
        deeds.clear();
        full = true;
        // when
        together(spawned("b"), STOP);
        // then
        assertThat(deeds).startsWith("append 2", "SIGTERM b/0");
        assertThat(state.standing().isDurable()).isFalse();
    }

    @Test
    void aGroupIsLimitedSoThatNoTurnGetsLong() {
        // given
        begin(false);
        deeds.clear();
        // when
        Event[] orders = IntStream.range(0, Inbox.GROUP + 1)
                .mapToObj(i -> new Event.CommandReceived(order("p" + i), Optional.empty()))
                .toArray(Event[]::new);
        together(orders);
        // then
        assertThat(deeds).containsExactly("append " + Inbox.GROUP, "append 1");
    }

    private void together(Event... events) {
        held = true;
        List.of(events).forEach(supervisor::accept);
        held = false;
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
    }

    private static Event spawned(String service) {
        return new Event.ProcessSpawned(new InstanceId(new ServiceName(service), 0), 1, new ProcessIdentity(77, 777));
    }

    @Test
    void aTopicsCommandThatCannotBeDecidedIsRefusedBeforeItsPositionIsPassed() {
        // given
        begin(false);
        supervisor.accept(new Event.StateRestored(
                1, Optional.empty(), List.of(), new CommandTopics(Map.of(), Map.of(), Map.of())));
        Command stop = Command.of(new IntentId("s"), "test", Action.STOP, Optional.of(new ServiceName("b")));
        // when
        failures = 1;
        supervisor.accept(new Event.CommandReceived(stop, Optional.of(new Position("respawn.commands", 0, 5))));
        // then
        assertThat(state.ledger().positions()).containsEntry("respawn.commands-0", 6L);
        assertThat(journaled.getLast().events())
                .extracting(PublicEvent::type)
                .containsExactly(PublicEvent.intentType("rejected"));
    }

    @Test
    void aReceiptComesAlsoWhenKafkaCommitsBeforeItIsCalledLive() {
        // given an order that waits for the disk
        supervisor.accept(new Event.KafkaChanged(KafkaStatus.DEGRADED, ""));
        begin(true);
        UniAssertSubscriber<Supervision.Submitted> answer =
                supervisor.submit(order("p")).subscribe().withSubscriber(UniAssertSubscriber.create());
        long seq = state.ledger().seq();
        assertThat(synced).contains(seq);
        // when the commit, the new status and the disk come in this order
        supervisor.accept(new Event.BatchesCommitted(0, seq));
        supervisor.accept(new Event.KafkaChanged(KafkaStatus.LIVE, ""));
        supervisor.accept(new Event.JournalSynced(seq));
        // then
        answer.awaitItem(SOON);
        assertThat(answer.getItem().durability()).isEqualTo(Durability.KAFKA);
    }

    private static Plan plan(String... names) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        for (String name : names) {
            ServiceName service = new ServiceName(name);
            services.put(
                    service,
                    ServiceSpec.of(service, List.of("/bin/" + name))
                            .with(new RestartPolicy(
                                    RestartPolicy.Mode.ALWAYS,
                                    Set.of(0),
                                    new Backoff(SOON, 2.0, Duration.ofSeconds(30), 0.1, Duration.ofSeconds(30)))));
        }
        return new Plan(new SidecarId("sim"), Map.of(), services);
    }

    private final class Disk implements Journal {
        @Override
        public void append(List<Batch> batches) {
            needMemory();
            deeds.add("append " + batches.size());
            if (full) {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
            journaled.addAll(batches);
        }

        @Override
        public void sync(long seq) {
            synced.add(seq);
        }

        @Override
        public void acknowledged(long seq) {
            assertThat(seq).isLessThanOrEqualTo(journaled.getLast().seq());
        }
    }

    /** Has no room for the first service. */
    private final class Kernel implements ProcessRunner {
        @Override
        public List<Event.Found> recover(List<Known> known) {
            return List.of();
        }

        @Override
        public void spawn(ServiceSpec spec, InstanceId instance, long incarnation, Optional<IntentId> intent) {
            if (instance.service().value().equals("a")) {
                throw new IllegalStateException("no room");
            }
            needMemory();
            spawned.add(instance);
        }

        @Override
        public void abandonStart(InstanceId instance, long incarnation) {}

        @Override
        public void adopt(InstanceId instance, long incarnation, ProcessIdentity process) {}

        @Override
        public void signal(InstanceId instance, long incarnation, Signal signal) {
            deeds.add(signal + " " + instance);
        }
    }

    private static final class NoProber implements Prober {
        @Override
        public void start(ServiceSpec spec, InstanceId instance, long incarnation) {}

        @Override
        public void stop(InstanceId instance) {}
    }

    private static final class NoPlans implements Plans {
        @Override
        public void read(IntentId intent) {}

        @Override
        public void follow(Plan plan) {}
    }

    private static final class NoTimers implements Timers {
        @Override
        public void arm(TimerKey key, Instant deadline) {}

        @Override
        public void cancel(TimerKey key) {}
    }
}
