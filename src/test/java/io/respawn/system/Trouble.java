package io.respawn.system;

import io.respawn.system.StartLog.Start;
import io.respawn.testing.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** What happens to the broker and to the services, at random; counted. Each method is called by one thread. */
final class Trouble {

    private final KafkaBroker broker;
    private final RunningSidecar sidecar;
    private final StartLog log;
    private final SplittableRandom forBroker;
    private final SplittableRandom forServices;
    private final Map<String, Integer> counts = new TreeMap<>();
    private int next;

    Trouble(KafkaBroker broker, RunningSidecar sidecar, StartLog log, SplittableRandom random) {
        this.broker = broker;
        this.sidecar = sidecar;
        this.log = log;
        this.forBroker = random.split();
        this.forServices = random.split();
    }

    /** In turns it stands still for a while, is killed, and is stopped; afterwards it works again. */
    void broker() {
        Duration away = Duration.ofMillis(forBroker.nextLong(200, 4000));
        switch (next++ % 3) {
            case 0 -> {
                broker.pause();
                LockSupport.parkNanos(away.toNanos());
                broker.resume();
                count("broker paused");
            }
            case 1 -> {
                broker.kill();
                LockSupport.parkNanos(away.toNanos());
                broker.restart();
                count("broker killed and restarted");
            }
            default -> {
                broker.restart();
                count("broker stopped and restarted");
            }
        }
    }

    /** Kills a process; not before it has noted its start, otherwise nobody could know of it. */
    void service() {
        List<Tagged> mains = Tagged.of(sidecar.id()).stream()
                .filter(Tagged::sessionLeader)
                .filter(process -> !process.service().equals(KillAnywhereIT.CALM))
                .toList();
        if (mains.isEmpty()) {
            return;
        }
        Tagged victim = mains.get(forServices.nextInt(mains.size()));
        if (log.starts().stream().anyMatch(start -> isOf(start, victim))) {
            victim.kill();
            count("services killed");
        }
    }

    private static boolean isOf(Start start, Tagged process) {
        return start.name().equals(process.name())
                && start.incarnation() == process.incarnation()
                && start.pid() == process.pid();
    }

    private synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    /** How often something happened to the broker. */
    int brokerEvents() {
        return counts().entrySet().stream()
                .filter(each -> each.getKey().startsWith("broker"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
