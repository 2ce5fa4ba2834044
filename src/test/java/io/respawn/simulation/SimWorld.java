package io.respawn.simulation;

import io.respawn.core.Event;
import io.respawn.core.Ledger;
import io.respawn.core.Step;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A history: services, orders, crashes and outages, all from one seed. */
final class SimWorld {

    private static final System.Logger LOG = System.getLogger(SimWorld.class.getName());
    private static final Duration BUSY = Duration.ofMinutes(4);

    private final RandomGenerator random;
    private final VirtualTime time = new VirtualTime();
    private final SimKernel kernel;
    private final Audit audit = new Audit(this);
    private final SimKafka kafka = new SimKafka(audit);
    private final SimJournal journal;
    private final Plan plan;
    private final List<IntentId> sent = new ArrayList<>();
    private final Set<IntentId> takenOver = new HashSet<>();
    private HostIdentity host = new HostIdentity("boot-1", 1);
    private SimSidecar sidecar;
    private final Instant calm = time.now().plus(BUSY);
    private int crashes;

    SimWorld(long seed) {
        random = new SplittableRandom(seed);
        kernel = new SimKernel(time, random);
        plan = SimPlans.random(random);
        journal = new SimJournal(plan, Ledger.fresh(host));
        sidecar = new SimSidecar(this, plan, host);
    }

    /** Lives through the history and checks it all the way; returns the number of steps. */
    Audit run() {
        sidecar.start(host);
        schedule();
        while (time.next(calm)) {}
        kafka.available(true);
        while (time.next(calm.plus(Duration.ofMinutes(6)))) {}
        audit.atTheEnd(sent);
        sidecar.feed(new Event.ShutdownRequested("the end", false));
        while (!sidecar.hasLeft() && time.next(time.now().plus(Duration.ofMinutes(5)))) {}
        if (!sidecar.hasLeft() || !kernel.isEmpty()) {
            throw new AssertionError("the sidecar did not leave, or left processes behind: " + kernel.found());
        }
        return audit;
    }

    private void schedule() {
        int orders = 3 + random.nextInt(12);
        for (int i = 0; i < orders; i++) {
            int number = i;
            time.in(Duration.ofMillis(1_000 + random.nextInt(200_000)), () -> order(number));
        }
        int outages = random.nextInt(3);
        for (int i = 0; i < outages; i++) {
            time.in(Duration.ofMillis(random.nextInt(180_000)), () -> kafka.available(false));
            time.in(Duration.ofMillis(60_000 + random.nextInt(170_000)), () -> kafka.available(true));
        }
        int planned = random.nextInt(4);
        for (int i = 0; i < planned; i++) {
            time.in(Duration.ofMillis(random.nextInt(220_000)), this::crash);
        }
        if (random.nextInt(5) == 0) {
            time.in(Duration.ofMillis(50_000 + random.nextInt(150_000)), this::loseMachine);
        }
    }

    private void order(int number) {
        IntentId id = new IntentId("intent-" + number);
        List<ServiceName> names = List.copyOf(plan.services().keySet());
        ServiceName service = names.get(random.nextInt(names.size()));
        List<Action> actions = List.of(
                Action.RESTART, Action.RESTART, Action.RESTART, Action.STOP, Action.START, Action.PING, Action.RESET);
        Action action = actions.get(random.nextInt(actions.size()));
        Command command = Command.of(id, "sim", action, Optional.of(service));
        sent.add(id);
        kafka.send(command);
    }

    /** Whether nothing goes wrong any more. */
    boolean isCalm() {
        return time.now().isAfter(calm);
    }

    /** The sidecar is killed; its children live on, and a new one comes up. False when it is calm by now. */
    boolean crash() {
        if (isCalm()) {
            return false;
        }
        crashes++;
        sidecar.die();
        kernel.abandon();
        SimSidecar next = new SimSidecar(this, plan, host);
        time.in(Duration.ofMillis(100 + random.nextInt(20_000)), () -> begin(next));
        sidecar = next;
        return true;
    }

    private void begin(SimSidecar next) {
        if (sidecar == next) {
            sidecar = new SimSidecar(this, plan, host);
            sidecar.start(host);
        }
    }

    /** The container goes with all that is in it; only Kafka remembers. */
    private void loseMachine() {
        sidecar.die();
        kernel.endAll();
        crashes++;
        host = new HostIdentity("boot-" + (crashes + 1), crashes + 1L);
        kafka.records().stream()
                .filter(io.respawn.core.Intent.class::isInstance)
                .map(io.respawn.core.Intent.class::cast)
                .filter(intent -> intent.isOpen())
                .forEach(intent -> takenOver.add(intent.id()));
        journal.lose(plan, Ledger.fresh(host));
        SimSidecar next = new SimSidecar(this, plan, host);
        sidecar = next;
        time.in(Duration.ofMillis(100 + random.nextInt(20_000)), () -> begin(next));
    }

    /** {@code -Dsim.trace=true} tells a history step by step. */
    void trace(Event event, Step step) {
        if (Boolean.getBoolean("sim.trace")) {
            LOG.log(
                    System.Logger.Level.INFO,
                    time.now() + " " + event + "\n  -> " + step.effects() + " "
                            + step.batch()
                                    .map(batch -> batch.events().stream()
                                            .map(e -> e.id() + " " + e.type())
                                            .toList()));
        }
    }

    boolean wasTakenOver(IntentId id) {
        return takenOver.contains(id);
    }

    RandomGenerator random() {
        return random;
    }

    VirtualTime time() {
        return time;
    }

    SimKernel kernel() {
        return kernel;
    }

    SimKafka kafka() {
        return kafka;
    }

    SimJournal journal() {
        return journal;
    }

    Audit audit() {
        return audit;
    }

    SimSidecar sidecar() {
        return sidecar;
    }

    /** Nothing was sent before the first start. */
    long firstPosition() {
        return 0;
    }
}
