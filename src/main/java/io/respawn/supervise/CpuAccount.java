package io.respawn.supervise;

import io.respawn.model.ProcessIdentity;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Adds up the processor time of an instance over all its processes, so that the sum never falls: neither when a process
 * ends nor when the next incarnation begins. What a child had used goes over to its parent when that reaps it, and is
 * not counted twice.
 */
final class CpuAccount {

    private long incarnation;
    private Duration total = Duration.ZERO;
    private Duration counted = Duration.ZERO;
    private boolean ended;

    /** It was counted by an earlier image, which knew of which processes. */
    private boolean carried;

    private Map<ProcessIdentity, ProcessReading> known = Map.of();

    /** What children left that have ended, by their parents: these may show it one look later. */
    private Map<Integer, Duration> left = Map.of();

    CpuAccount() {}

    CpuAccount(KeptUsage kept) {
        incarnation = kept.incarnation();
        total = kept.cpuTime();
        counted = kept.counted();
        carried = true;
    }

    long incarnation() {
        return incarnation;
    }

    Duration total() {
        return total;
    }

    /** Of its latest incarnation. */
    Duration counted() {
        return counted;
    }

    /** All processes of an incarnation, as they were read; late news of an earlier one is of no use. */
    void seen(long of, Collection<ProcessReading> members) {
        if (of < incarnation || (of == incarnation && ended)) {
            return;
        }
        begin(of);
        Map<ProcessIdentity, ProcessReading> now = new HashMap<>();
        members.forEach(member -> now.put(member.process(), member));
        if (carried) {
            carried = false;
            addBeyondCounted(sum(now.values()));
        } else {
            compare(now);
        }
        known = now;
    }

    private void compare(Map<ProcessIdentity, ProcessReading> now) {
        Map<Integer, Duration> gone = new HashMap<>();
        Map<Integer, Integer> parents = new HashMap<>();
        known.forEach((process, before) -> {
            if (!now.containsKey(process)) {
                parents.put(process.pid(), before.parent());
            }
        });
        known.forEach((process, before) -> {
            if (!now.containsKey(process)) {
                gone.merge(heir(before.parent(), parents), before.all(), Duration::plus);
            }
        });
        Map<Integer, Duration> still = new HashMap<>();
        now.forEach((process, reading) -> {
            Optional<ProcessReading> before = Optional.ofNullable(known.get(process));
            Duration own = reading.own().minus(before.map(ProcessReading::own).orElse(Duration.ZERO));
            Duration inherited = reading.inherited()
                    .minus(before.map(ProcessReading::inherited).orElse(Duration.ZERO));
            Duration earlier = left.getOrDefault(process.pid(), Duration.ZERO);
            Duration lately = gone.getOrDefault(process.pid(), Duration.ZERO);
            Duration twice = smaller(inherited, earlier.plus(lately));
            add(own.plus(inherited).minus(twice));
            still.put(process.pid(), smaller(lately, earlier.plus(lately).minus(twice)));
        });
        left = still;
    }

    /** Who may have inherited from a child of this parent: if that is gone too, whoever reaped it, and so on. */
    private static int heir(int parent, Map<Integer, Integer> gone) {
        int heir = parent;
        for (int steps = 0; steps < gone.size() && gone.containsKey(heir); steps++) {
            heir = gone.getOrDefault(heir, heir);
        }
        return heir;
    }

    /** Its main has ended, and used this, its reaped children included, if that was told. */
    void ended(long of, Optional<Duration> used) {
        if (of < incarnation || (of == incarnation && ended)) {
            return;
        }
        begin(of);
        if (carried) {
            used.ifPresent(this::addBeyondCounted);
        } else {
            // What any of the others had may be in it by now.
            Duration seen = left.values().stream().reduce(sum(known.values()), Duration::plus);
            used.ifPresent(all -> add(all.minus(seen)));
        }
        ended = true;
        carried = false;
        known = Map.of();
        left = Map.of();
    }

    private void begin(long of) {
        if (of > incarnation) {
            incarnation = of;
            counted = Duration.ZERO;
            ended = false;
            carried = false;
            known = Map.of();
            left = Map.of();
        }
    }

    private void addBeyondCounted(Duration all) {
        add(all.minus(counted));
    }

    private void add(Duration more) {
        if (more.isPositive()) {
            total = total.plus(more);
            counted = counted.plus(more);
        }
    }

    private static Duration sum(Collection<ProcessReading> members) {
        return members.stream().map(ProcessReading::all).reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration smaller(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
