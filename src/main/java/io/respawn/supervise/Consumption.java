package io.respawn.supervise;

import io.respawn.core.MemoryPressure;
import io.respawn.model.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Keeps what services use: the sums that go on for ever, and what was seen last. Thread-safe; nobody waits in it. */
public final class Consumption {

    private final Map<InstanceId, CpuAccount> accounts = new HashMap<>();
    private final Map<InstanceId, MemoryPressure> pressures = new HashMap<>();
    private volatile Map<InstanceId, Usage> latest = Map.of();

    /** All processes of an instance were looked at; says what it used so far. */
    public synchronized Duration seen(InstanceId instance, long incarnation, Collection<ProcessReading> members) {
        CpuAccount account = account(instance);
        account.seen(incarnation, members);
        return account.total();
    }

    /** The main of an instance has ended. {@code used} is what the kernel says that it used, if it says so. */
    public synchronized void ended(InstanceId instance, long incarnation, Optional<Duration> used) {
        account(instance).ended(incarnation, used);
    }

    private CpuAccount account(InstanceId instance) {
        return accounts.computeIfAbsent(instance, key -> new CpuAccount());
    }

    /** How long an instance has been above its memory. */
    public synchronized MemoryPressure pressure(InstanceId instance) {
        return pressures.getOrDefault(instance, MemoryPressure.DEFAULT);
    }

    /** It is so from now on. */
    public synchronized void pressure(InstanceId instance, MemoryPressure now) {
        pressures.put(instance, now);
    }

    /** A look is over: this runs, and of what does not run only those are remembered. */
    public synchronized void looked(Instant at, Map<InstanceId, Usage> running, Predicate<InstanceId> remembered) {
        accounts.keySet().removeIf(instance -> !running.containsKey(instance) && !remembered.test(instance));
        pressures.keySet().removeIf(instance -> !accounts.containsKey(instance));
        Map<InstanceId, Usage> all = new HashMap<>(running);
        accounts.forEach((instance, account) ->
                all.putIfAbsent(instance, Usage.none(at, account.incarnation(), account.total())));
        latest = Map.copyOf(all);
    }

    /** What was seen at the last look. */
    public Map<InstanceId, Usage> latest() {
        return latest;
    }

    /** What goes on in the next image. */
    public synchronized List<KeptUsage> kept() {
        return accounts.entrySet().stream()
                .map(entry -> new KeptUsage(
                        entry.getKey(),
                        entry.getValue().incarnation(),
                        entry.getValue().total(),
                        entry.getValue().counted(),
                        pressure(entry.getKey())))
                .toList();
    }

    /** Goes on from what an earlier image of this process has counted. */
    public synchronized void goOn(List<KeptUsage> from) {
        from.forEach(kept -> {
            accounts.put(kept.instance(), new CpuAccount(kept));
            pressures.put(kept.instance(), kept.pressure());
        });
    }
}
