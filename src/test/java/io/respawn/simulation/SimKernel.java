package io.respawn.simulation;

import io.respawn.core.Event.Found;
import io.respawn.core.Event.Noted;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Processes that live on when the sidecar dies, end when they like, and obey signals more or less. */
final class SimKernel {

    /** Told when a process ends; the sidecar of that moment, if it watches. */
    interface Watcher {
        void exited(SimProcess process, ExitStatus status);
    }

    static final class SimProcess {
        private ProcessIdentity identity;
        final InstanceId instance;
        final long incarnation;
        final Optional<IntentId> intent;
        private Optional<Watcher> watcher = Optional.empty();
        private boolean alive = true;
        private boolean killed;

        private SimProcess(int pid, InstanceId instance, long incarnation, Optional<IntentId> intent) {
            this.identity = new ProcessIdentity(pid, pid);
            this.instance = instance;
            this.incarnation = incarnation;
            this.intent = intent;
        }

        ProcessIdentity identity() {
            return identity;
        }

        Found found() {
            return new Found(instance, incarnation, identity, intent);
        }

        Noted noted() {
            return new Noted(instance, incarnation, intent, Optional.of(identity));
        }
    }

    private final VirtualTime time;
    private final RandomGenerator random;
    private final Map<Integer, SimProcess> living = new LinkedHashMap<>();
    private final Map<InstanceId, Long> highest = new HashMap<>();
    private final List<IntentId> startLines = new ArrayList<>();
    private int lastPid = 100;

    SimKernel(VirtualTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    SimProcess spawn(InstanceId instance, long incarnation, Optional<IntentId> intent, Watcher watcher) {
        if (living.values().stream().anyMatch(p -> p.instance.equals(instance))) {
            throw new AssertionError("two processes of " + instance + ", the second is incarnation " + incarnation);
        }
        long before = highest.getOrDefault(instance, 0L);
        if (incarnation <= before) {
            throw new AssertionError(instance + " spawned incarnation " + incarnation + " after " + before);
        }
        highest.put(instance, incarnation);
        intent.ifPresent(startLines::add);
        SimProcess process = new SimProcess(++lastPid, instance, incarnation, intent);
        process.watcher = Optional.of(watcher);
        living.put(lastPid, process);
        if (random.nextInt(100) < 60) {
            time.in(
                    Duration.ofMillis(random.nextInt(60_000)),
                    () -> end(process, new ExitStatus.Exited(random.nextInt(3))));
        }
        return process;
    }

    /** Another process of the service is its main from now on, and the old one ends; whether anybody hears of it or not. */
    boolean handOver(SimProcess process) {
        if (!process.alive) {
            return false;
        }
        living.remove(process.identity.pid());
        process.identity = new ProcessIdentity(++lastPid, lastPid);
        living.put(lastPid, process);
        return true;
    }

    void signal(InstanceId instance, long incarnation, Signal signal) {
        living.values().stream()
                .filter(p -> p.instance.equals(instance) && p.incarnation == incarnation)
                .findFirst()
                .ifPresent(process -> obey(process, signal));
    }

    private void obey(SimProcess process, Signal signal) {
        if (signal == Signal.HUP) {
            return;
        }
        if (signal == Signal.KILL) {
            process.killed = true;
            if (random.nextInt(100) < 95) {
                endSoon(process, 5, signal);
            }
        } else if (random.nextInt(100) < 80) {
            endSoon(process, 3_000, signal);
        }
    }

    private void endSoon(SimProcess process, int bound, Signal signal) {
        time.in(
                Duration.ofMillis(random.nextInt(bound)),
                () -> end(process, new ExitStatus.Signalled(signal.number(), false)));
    }

    private void end(SimProcess process, ExitStatus status) {
        if (!process.alive) {
            return;
        }
        process.alive = false;
        living.remove(process.identity.pid());
        process.watcher.ifPresent(
                watcher -> time.in(Duration.ofMillis(random.nextInt(3)), () -> watcher.exited(process, status)));
    }

    /** The sidecar's end: nobody watches any more. */
    void abandon() {
        living.values().forEach(process -> process.watcher = Optional.empty());
    }

    /** What this machine knew beyond Kafka is gone: incarnations of processes that ended may come again. */
    void forgetEnded() {
        highest.clear();
        living.values().forEach(process -> highest.put(process.instance, process.incarnation));
    }

    /** The end of the whole container. */
    void endAll() {
        // A new container that cannot reach Kafka starts provisionally, without knowing what was used before.
        highest.clear();
        abandon();
        List.copyOf(living.values()).forEach(process -> end(process, new ExitStatus.Signalled(9, false)));
    }

    void adopt(Found found, Watcher watcher) {
        SimProcess process = living.get(found.process().pid());
        if (process == null) {
            SimProcess gone =
                    new SimProcess(found.process().pid(), found.instance(), found.incarnation(), found.intent());
            time.in(Duration.ZERO, () -> watcher.exited(gone, new ExitStatus.Unknown("gone")));
        } else {
            process.watcher = Optional.of(watcher);
        }
    }

    List<Found> found() {
        return living.values().stream().map(SimProcess::found).toList();
    }

    Optional<SimProcess> living(InstanceId instance) {
        return living.values().stream().filter(p -> p.instance.equals(instance)).findFirst();
    }

    long starts(IntentId intent) {
        return startLines.stream().filter(intent::equals).count();
    }

    /** Those that were not even sent SIGKILL; one that was, and hangs in the kernel, is nobody's fault. */
    List<Found> spared() {
        return living.values().stream()
                .filter(process -> !process.killed)
                .map(SimProcess::found)
                .toList();
    }
}
