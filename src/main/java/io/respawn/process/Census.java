package io.respawn.process;

import io.respawn.core.Event.Found;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessUsage;
import io.respawn.linux.UsageReader;
import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.ProcessReading;
import io.respawn.supervise.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the processes of all services in one walk through {@code /proc}, with a breath now and then: mains, whoever is in
 * their sessions, and whoever descends from those. For one thread.
 */
final class Census {

    private static final int BETWEEN_BREATHS = 64;
    private static final long BREATH_MILLIS = 1;

    /** Parents can change between two looks, so a circle is thinkable. */
    private static final int LONGEST_LINE = 100;

    private final UsageReader reader = new UsageReader();
    private final int self = ProcFs.ownPid();

    /** A main and all who belong to it, itself included. */
    record Household(Found main, List<ProcessUsage> members, OptionalInt descriptors) {

        long residentBytes() {
            return members.stream().mapToLong(ProcessUsage::residentBytes).sum();
        }

        List<ProcessReading> readings() {
            return members.stream()
                    .map(member -> new ProcessReading(
                            new ProcessIdentity(member.pid(), member.startTicks()),
                            member.parent(),
                            member.cpuTime(),
                            member.childrenCpuTime()))
                    .toList();
        }

        Usage usage(Instant at, Duration cpuTime, long bytes) {
            List<ProcessUsage> living =
                    members.stream().filter(member -> !member.zombie()).toList();
            return new Usage(
                    at,
                    main.incarnation(),
                    cpuTime,
                    bytes,
                    living.size(),
                    living.stream().mapToInt(ProcessUsage::threads).sum(),
                    descriptors);
        }
    }

    /** Those of all mains that are still there. */
    List<Household> take(List<Found> mains) throws InterruptedException {
        if (mains.isEmpty()) {
            return List.of();
        }
        Map<Integer, ProcessUsage> all = readAll();
        Map<Integer, Found> owners = new HashMap<>();
        Map<Integer, Found> sessions = new HashMap<>();
        ProcessUsage own = all.get(self);
        for (Found main : mains) {
            ProcessUsage read = all.get(main.process().pid());
            if (read != null && read.startTicks() == main.process().startTicks()) {
                owners.put(read.pid(), main);
                // What it has in common with us is not its own.
                if (read.session() > 0 && (own == null || read.session() != own.session())) {
                    sessions.put(read.session(), main);
                }
            }
        }
        Map<Found, List<ProcessUsage>> members = new HashMap<>();
        all.values().forEach(process -> {
            Found owner = owner(process, all, owners, sessions);
            if (owner != null) {
                members.computeIfAbsent(owner, key -> new ArrayList<>()).add(process);
            }
        });
        List<Household> households = new ArrayList<>();
        for (Map.Entry<Found, List<ProcessUsage>> entry : members.entrySet()) {
            breathe(households.size());
            households.add(new Household(entry.getKey(), entry.getValue(), descriptors(entry.getValue())));
        }
        return households;
    }

    /** The memory as the kernel finds it page by page, what several share counted once; the quick sum if it may not be read. */
    long exactBytes(Household household) {
        long sum = 0;
        for (ProcessUsage member : household.members()) {
            OptionalLong bytes = member.zombie()
                    ? OptionalLong.of(0)
                    : reader.exactBytes(member.pid(), household.members().size() > 1);
            sum += bytes.orElse(member.residentBytes());
        }
        return sum;
    }

    private Map<Integer, ProcessUsage> readAll() throws InterruptedException {
        Map<Integer, ProcessUsage> all = new HashMap<>();
        for (int pid : ProcFs.pids()) {
            breathe(all.size());
            reader.usage(pid).ifPresent(read -> all.put(pid, read));
        }
        return all;
    }

    private static void breathe(int done) throws InterruptedException {
        if (done % BETWEEN_BREATHS == BETWEEN_BREATHS - 1) {
            TimeUnit.MILLISECONDS.sleep(BREATH_MILLIS);
        }
    }

    private @Nullable Found owner(
            ProcessUsage process,
            Map<Integer, ProcessUsage> all,
            Map<Integer, Found> owners,
            Map<Integer, Found> sessions) {
        ProcessUsage at = process;
        for (int steps = 0; at != null && at.pid() != self && steps < LONGEST_LINE; steps++) {
            Found owner = owners.containsKey(at.pid()) ? owners.get(at.pid()) : sessions.get(at.session());
            if (owner != null) {
                return owner;
            }
            at = all.get(at.parent());
        }
        return null;
    }

    private OptionalInt descriptors(List<ProcessUsage> members) {
        int sum = 0;
        for (ProcessUsage member : members) {
            OptionalInt open = member.zombie() ? OptionalInt.of(0) : reader.descriptors(member.pid());
            if (open.isEmpty()) {
                return OptionalInt.empty();
            }
            sum += open.getAsInt();
        }
        return OptionalInt.of(sum);
    }
}
