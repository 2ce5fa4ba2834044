package io.respawn.simulation;

import io.respawn.core.Event;
import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.Standing;
import io.respawn.core.State;
import io.respawn.core.Step;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
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
    private final SimConfiguration configuration;
    private final List<IntentId> sent = new ArrayList<>();
    private final Set<IntentId> takenOver = new HashSet<>();
    private HostIdentity host = new HostIdentity("boot-1", 1);
    private final SimVoices voices;
    private final SimHooks hooks;
    private SimSidecar sidecar;
    private final Instant calm = time.now().plus(BUSY);
    private final SimOrders orders;
    private final Set<IntentId> local = new HashSet<>();
    private final SimMemory memory;
    private final UnaryOperator<State> passage;
    private long digest;
    private int crashes;
    private boolean forgot;
    private boolean forgetting;
    private boolean ending;

    SimWorld(long seed) {
        this(seed, UnaryOperator.identity());
    }

    /** {@code passage} is what the state goes through before each step. */
    SimWorld(long seed, UnaryOperator<State> passage) {
        this.passage = passage;
        random = new SplittableRandom(seed);
        kernel = new SimKernel(time, random);
        voices = new SimVoices(this);
        hooks = new SimHooks(this);
        plan = SimPlans.random(random);
        configuration = new SimConfiguration(random, plan);
        orders = new SimOrders(random, plan);
        memory = new SimMemory(this, new SplittableRandom(~seed));
        journal = new SimJournal(plan, Ledger.fresh(host));
        sidecar = new SimSidecar(this, configuration.plan(), host);
    }

    /** Lives through the history and checks it all the way; returns the number of steps. */
    Audit run() {
        sidecar.start(host);
        schedule();
        memory.begin();
        while (time.next(calm)) {}
        kafka.available(true);
        while (time.next(calm.plus(Duration.ofMinutes(6)))) {}
        audit.atTheEnd(sent);
        ending = true;
        sidecar.feed(new Event.ShutdownRequested("the end", false));
        while (!sidecar.hasLeft() && time.next(time.now().plus(Duration.ofMinutes(5)))) {}
        if (!sidecar.hasLeft() || !kernel.spared().isEmpty()) {
            throw new AssertionError("the sidecar did not leave, or left processes behind: " + kernel.spared());
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
        int edits = random.nextInt(6);
        for (int i = 0; i < edits; i++) {
            time.in(Duration.ofMillis(random.nextInt(220_000)), configuration::edit);
        }
        rarely(3, this::leave);
        rarely(3, this::leave);
        rarely(6, this::compete);
        rarely(8, this::fillDisk);
        rarely(10, this::loseJournal);
    }

    private void rarely(int oneIn, Runnable trouble) {
        if (random.nextInt(oneIn) == 0) {
            time.in(Duration.ofMillis(10_000 + random.nextInt(190_000)), trouble);
        }
    }

    private void order(int number) {
        Command command = orders.next(number, time.now());
        if (random.nextInt(3) > 0) {
            sent.add(command.id());
            kafka.send(command);
        } else if (sidecar.isUp()) {
            orderHere(command);
        }
    }

    /** To the sidecar itself, which is up; an id that comes again is expected to be known. */
    void orderHere(Command command) {
        if (!sent.contains(command.id())) {
            sent.add(command.id());
        }
        local.add(command.id());
        sidecar.feed(new Event.CommandReceived(command, Optional.empty()));
    }

    /** Asks the sidecar to leave, perhaps twice; another one follows. */
    private void leave() {
        if (sidecar.isUp()) {
            sidecar.feed(new Event.ShutdownRequested("SIGTERM", false));
            if (random.nextBoolean()) {
                time.in(Duration.ofMillis(2_000 + random.nextInt(4_000)), () -> insist(sidecar));
            }
        }
    }

    private void insist(SimSidecar leaving) {
        if (leaving == sidecar && leaving.state().standing().phase() == Standing.Phase.STOPPING) {
            leaving.feed(new Event.ShutdownRequested("SIGTERM", true));
        }
    }

    /** Told by a sidecar that has left. */
    void left() {
        hooks.abandoned();
        if (!kernel.spared().isEmpty()) {
            throw new AssertionError("the sidecar left processes behind: " + kernel.spared());
        }
        if (!ending) {
            if (journal.isFull()) {
                forgetWhatKafkaDoesNotKnow();
                journal.forgetUnwritten(plan, Ledger.fresh(host));
            }
            follow();
        }
    }

    private void follow() {
        SimSidecar next = new SimSidecar(this, configuration.plan(), host);
        time.in(Duration.ofMillis(100 + random.nextInt(20_000)), () -> begin(next));
        sidecar = next;
    }

    /** Another sidecar with the same id becomes the owner; ours is restarted some time later. */
    private void compete() {
        if (kafka.isAvailable() && kafka.ledger().isPresent()) {
            // What is under way here and not committed may be carried out on both sides.
            sidecar.state().intents().values().stream().filter(Intent::isOpen).forEach(i -> takenOver.add(i.id()));
            kafka.takenBy(new HostIdentity("rival", 99), time.now());
            // Early enough that what is sent afterwards finds an owner before it is calm.
            time.in(Duration.ofMillis(5_000 + random.nextInt(30_000)), this::crash);
        }
    }

    /** The disk is full for a while; the sidecar is killed before there is room again. */
    private void fillDisk() {
        if (sidecar.isUp()) {
            journal.fill();
            sidecar.feed(new Event.JournalChanged(false, "no space left"));
            time.in(Duration.ofMillis(1_000 + random.nextInt(60_000)), this::crash);
        }
    }

    /** The state directory is deleted under a sidecar that is then killed; its processes live on. */
    private void loseJournal() {
        journal.lose(plan, Ledger.fresh(host));
        configuration.forget();
        forgetWhatKafkaDoesNotKnow();
        crash();
    }

    private void forgetWhatKafkaDoesNotKnow() {
        forgot = true;
        forgetting = true;
        sidecar.state().intents().values().stream().map(Intent::id).forEach(takenOver::add);
        local.stream()
                .filter(id -> kafka.records().stream().noneMatch(e -> e.key().equals("intent/" + id)))
                .forEach(sent::remove);
    }

    boolean forgot() {
        return forgot;
    }

    void takenOver(IntentId id) {
        takenOver.add(id);
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
        if (journal.isFull()) {
            forgetWhatKafkaDoesNotKnow();
            journal.forgetUnwritten(plan, Ledger.fresh(host));
        }
        sidecar.die();
        hooks.abandoned();
        kernel.abandon();
        follow();
        return true;
    }

    /** The sidecar is killed while it writes a group: of that only a first part is on the disk, and nobody was answered. */
    boolean crashWhileWriting(int before, List<Event> group) {
        if (isCalm()) {
            return false;
        }
        int written = journal.length() - before;
        journal.tear(before + random.nextInt(written + 1), plan, Ledger.fresh(host));
        group.stream()
                .filter(event -> event instanceof Event.CommandReceived order
                        && local.contains(order.command().id()))
                .map(event -> ((Event.CommandReceived) event).command().id())
                .filter(id -> !journal.replay().intents().containsKey(id))
                .forEach(sent::remove);
        return crash();
    }

    private void begin(SimSidecar next) {
        if (sidecar == next) {
            if (forgetting) {
                forgetting = false;
                kernel.forgetEnded();
            }
            sidecar = new SimSidecar(this, configuration.plan(), host);
            sidecar.start(host);
        }
    }

    /** The container goes with all that is in it; only Kafka remembers. */
    private void loseMachine() {
        sidecar.die();
        hooks.abandoned();
        kernel.endAll();
        crashes++;
        host = new HostIdentity("boot-" + (crashes + 1), crashes + 1L);
        kafka.records().stream()
                .filter(io.respawn.core.Intent.class::isInstance)
                .map(io.respawn.core.Intent.class::cast)
                .filter(intent -> intent.isOpen())
                .forEach(intent -> takenOver.add(intent.id()));
        forgetWhatKafkaDoesNotKnow();
        journal.lose(plan, Ledger.fresh(host));
        configuration.forget();
        follow();
    }

    /** {@code -Dsim.trace=true} tells a history step by step. */
    void trace(Event event, Step step) {
        digest = 31 * digest + Objects.hash(event, step);
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

    /** Tells two histories apart. */
    long digest() {
        return digest;
    }

    UnaryOperator<State> passage() {
        return passage;
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

    SimConfiguration configuration() {
        return configuration;
    }

    SimVoices voices() {
        return voices;
    }

    SimHooks hooks() {
        return hooks;
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
