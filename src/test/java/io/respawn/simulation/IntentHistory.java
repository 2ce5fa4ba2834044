package io.respawn.simulation;

import io.respawn.core.Event;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.simulation.SimBroker.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A history of orders: twenty to sixty steps among crashes, a broker that does not do what it should, and perhaps another
 * sidecar with the same id; then a calm in which everything has to come to its end. All from one seed.
 */
final class IntentHistory {

    private static final System.Logger LOG = System.getLogger(IntentHistory.class.getName());
    private static final boolean TRACED = Boolean.getBoolean("sim.trace");
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final RandomGenerator random;
    private final VirtualTime time = new VirtualTime();
    private final Sabotage sabotage;
    private final Crashes crashes;
    private final Plan plan;
    private final IntentAudit audit;
    private final SimBroker broker;
    private final IntentOrders orders;
    private final SimHost main;
    private final SimHost other;
    private final Map<SimHost, IntentSidecar> lives = new LinkedHashMap<>();
    private final Map<IntentMoment, Integer> hit = new TreeMap<>();
    private final Set<IntentId> sent = new LinkedHashSet<>();
    private final long length;
    private final boolean forgetful;
    private final boolean flood;
    private final long rivalAt;
    private int unsent;
    private long steps;
    private int deaths;
    private boolean calm;

    /** How long the history of a seed is. */
    static int length(long seed) {
        return 20 + new SplittableRandom(seed).nextInt(41);
    }

    IntentHistory(long seed, Crashes crashes, Sabotage sabotage) {
        this.length = length(seed);
        this.random = new SplittableRandom(~seed);
        this.crashes = crashes;
        this.sabotage = sabotage;
        this.forgetful = random.nextInt(4) == 0;
        this.flood = random.nextInt(20) == 0;
        this.rivalAt = !forgetful && random.nextInt(6) == 0 ? random.nextLong(length) : Long.MAX_VALUE;
        Plan audited = IntentPlans.random(random, forgetful);
        this.plan = IntentPlans.wider(audited, sabotage == Sabotage.FAST_RATE, sabotage == Sabotage.LARGE_BUFFER);
        this.audit = new IntentAudit(this, audited);
        this.broker = new SimBroker(time, random, audit, sabotage);
        this.orders = new IntentOrders(random, plan, flood);
        this.main = new SimHost(new HostIdentity("boot-1", 1), time, random, plan, sabotage);
        this.other = new SimHost(new HostIdentity("boot-2", 2), time, random, plan, sabotage);
    }

    /** Lives through it, and checks it all the way. */
    IntentHistory run() {
        begin(main);
        schedule();
        Instant latest = time.now().plus(LONGEST);
        while (!(steps >= length && crashes.areOver()) && time.next(latest)) {}
        calmDown();
        Instant patience = time.now().plus(PATIENCE);
        while (!isOver() && time.next(patience)) {}
        audit.atTheEnd(sent, lives.get(main));
        return this;
    }

    private void schedule() {
        int count = flood ? 20 + random.nextInt(20) : 2 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            int number = i;
            unsent++;
            in(flood ? 2_000 : 9_000, () -> order(number));
        }
        if (random.nextInt(3) == 0) {
            in(8_000, () -> outage(500 + random.nextInt(6_000)));
        }
    }

    private void in(int boundMillis, Runnable action) {
        time.in(Duration.ofMillis(random.nextInt(boundMillis)), action);
    }

    private void outage(int millis) {
        if (!calm) {
            broker.available(false);
            time.in(Duration.ofMillis(millis), () -> broker.available(true));
        }
    }

    private void order(int number) {
        unsent--;
        if (random.nextInt(10) == 0) {
            broker.send(
                    topic(),
                    new Sent(Command.of(new IntentId("other-" + number), "sim", Action.PING, Optional.empty()), false));
        }
        Command command = orders.next(number, time.now());
        give(command);
        // An id may be used again only as long as it is remembered.
        if (!forgetful && random.nextInt(5) == 0) {
            unsent++;
            boolean changed = random.nextInt(3) == 0;
            in(5_000, () -> {
                unsent--;
                give(changed ? command.hashed(-number - 1L) : command);
            });
        }
    }

    private String topic() {
        return random.nextInt(4) == 0 ? SimBroker.BROADCAST : SimBroker.COMMANDS;
    }

    private void give(Command command) {
        if (random.nextInt(3) > 0) {
            sent.add(command.id());
            broker.send(topic(), new Sent(command, true));
            return;
        }
        IntentSidecar sidecar = lives.get(main);
        if (sidecar.isUp()) {
            sidecar.feed(new Event.CommandReceived(command, Optional.empty()));
            if (main.journal().replay().intents().containsKey(command.id())) {
                sent.add(command.id());
            }
        }
    }

    private void begin(SimHost host) {
        IntentSidecar life = new IntentSidecar(this, host);
        lives.put(host, life);
        life.start();
    }

    /** Counts a step; at one of them another sidecar with the same id appears. */
    void count() {
        steps++;
        if (steps == rivalAt && !calm) {
            audit.rivalry();
            time.in(Duration.ofMillis(1), () -> {
                if (!calm) {
                    begin(other);
                }
            });
            in(15_000, () -> startAnew(main));
        }
    }

    /** Killed by a person who wants it back. */
    private void startAnew(SimHost host) {
        IntentSidecar life = lives.get(host);
        if (!calm && life.isAlive()) {
            end(life);
        }
    }

    /** Passes an instant at which this sidecar can die; true if it does. */
    boolean dies(IntentDeath death) {
        if (calm || !death.sidecar().isAlive() || !crashes.now(steps, death.point())) {
            return false;
        }
        deaths++;
        IntentMoment.at(death, this).forEach(moment -> hit.merge(moment, 1, Integer::sum));
        end(death.sidecar());
        return true;
    }

    private void end(IntentSidecar life) {
        life.die();
        life.host().abandoned();
        time.in(Duration.ofMillis(20 + random.nextInt(1_500)), () -> {
            if (!calm || life.host() == main) {
                begin(life.host());
            }
        });
    }

    private void calmDown() {
        calm = true;
        broker.calm();
        if (lives.containsKey(other)) {
            lives.get(other).die();
        }
        IntentSidecar life = lives.get(main);
        if (life.isAlive() && audit.isRivalled()) {
            // Fenced or not, it has to find out who owns the state.
            end(life);
        }
    }

    /** {@code -Dsim.trace=true} tells a history step by step. */
    void trace(Supplier<String> words) {
        if (TRACED) {
            LOG.log(System.Logger.Level.INFO, time.now() + " " + words.get());
        }
    }

    private boolean isOver() {
        IntentSidecar life = lives.get(main);
        return unsent == 0
                && life.isAlive()
                && life.session().isEmpty()
                && sent.stream().allMatch(audit::hasOutcome);
    }

    boolean isCalm() {
        return calm;
    }

    long steps() {
        return steps;
    }

    int deaths() {
        return deaths;
    }

    long instants() {
        return crashes.instants();
    }

    Map<IntentMoment, Integer> hit() {
        return hit;
    }

    RandomGenerator random() {
        return random;
    }

    VirtualTime time() {
        return time;
    }

    SimBroker broker() {
        return broker;
    }

    Plan plan() {
        return plan;
    }

    Sabotage sabotage() {
        return sabotage;
    }

    IntentAudit audit() {
        return audit;
    }
}
