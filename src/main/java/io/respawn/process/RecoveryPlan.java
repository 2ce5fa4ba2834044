package io.respawn.process;

import io.respawn.core.Event.Found;
import io.respawn.linux.ProcessStat;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.ProcessRunner.Known;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Decides what to do with the processes that an earlier sidecar left, from one look at all processes.
 *
 * <p>An instance's main is the process with its recorded identity; else the session leader that carries its tags, of the
 * recorded incarnation if there is one, else of the highest, and of those the earliest. What belongs to a main (its session,
 * its descendants, its incarnation) stays. Every other process with our tags is doomed: older mains, their members, helpers.
 *
 * <p>Left alone, with their descendants: a recorded process without a start time, as nobody can tell whether it is the one
 * meant; and the children of a living sidecar, see {@link Recovery}.
 *
 * @param found the mains
 * @param doomed what is to be killed
 * @param spared what is left alone although it may be ours, each with the reason
 */
record RecoveryPlan(List<Found> found, List<Scanned> doomed, Map<Integer, String> spared) {

    /** One process, as the search met it. */
    record Scanned(ProcessStat stat, Optional<Tags> tags) {
        int pid() {
            return stat.pid();
        }

        ProcessIdentity identity() {
            return new ProcessIdentity(stat.pid(), stat.startTicks());
        }
    }

    /** Decides; {@code self} is this process, {@code sidecar} knows the other living sidecars. */
    static RecoveryPlan of(Collection<Known> known, Map<Integer, Scanned> processes, int self, IntPredicate sidecar) {
        return new Decision(processes, self, sidecar).decide(known);
    }

    /** The work of {@link #of}. */
    private static final class Decision {
        private final Map<Integer, Scanned> processes;
        private final int self;
        private final IntPredicate sidecar;
        private final Map<InstanceId, Found> mains = new LinkedHashMap<>();
        private final Map<Integer, Scanned> doomed = new LinkedHashMap<>();
        private final Map<Integer, String> spared = new LinkedHashMap<>();

        Decision(Map<Integer, Scanned> processes, int self, IntPredicate sidecar) {
            this.processes = processes;
            this.self = self;
            this.sidecar = sidecar;
        }

        RecoveryPlan decide(Collection<Known> known) {
            processes.values().stream()
                    .filter(process -> process.tags().isPresent())
                    .forEach(this::spareChild);
            known.stream()
                    .sorted(Comparator.comparingLong(Known::incarnation).reversed())
                    .forEach(this::byIdentity);
            Map<InstanceId, Long> incarnations = new LinkedHashMap<>();
            known.forEach(one -> incarnations.merge(one.instance(), one.incarnation(), Math::max));
            processes.values().stream()
                    .filter(this::mayBeMain)
                    .sorted(byLikelihood(incarnations))
                    .forEach(process -> process.tags()
                            .ifPresent(tags -> mains.putIfAbsent(
                                    tags.instance(),
                                    new Found(
                                            tags.instance(), tags.incarnation(), process.identity(), tags.intent()))));
            Set<Integer> roots = roots();
            processes.values().stream()
                    .filter(process -> process.tags().isPresent() && !belongs(process, roots))
                    .forEach(process -> doomed.put(process.pid(), process));
            return new RecoveryPlan(List.copyOf(mains.values()), List.copyOf(doomed.values()), spared);
        }

        private void spareChild(Scanned process) {
            int parent = process.stat().parent();
            if (parent != self && sidecar.test(parent)) {
                spared.put(process.pid(), "it is the child of the living sidecar " + parent + "; stop one of the two");
            }
        }

        private void byIdentity(Known known) {
            Scanned process = known.process()
                    .map(identity -> processes.get(identity.pid()))
                    .orElse(null);
            if (process == null) {
                return;
            }
            long recorded = known.process().get().startTicks();
            if (recorded <= 0) {
                spared.put(
                        process.pid(), "no start time of it was recorded, so it cannot be told from a later process");
            } else if (recorded == process.stat().startTicks() && usable(process)) {
                var found = new Found(
                        known.instance(),
                        known.incarnation(),
                        process.identity(),
                        process.tags().flatMap(Tags::intent));
                Found newer = mains.putIfAbsent(known.instance(), found);
                if (newer != null && newer.process().pid() != process.pid()) {
                    doomed.put(process.pid(), process);
                }
            }
        }

        /** A zombie is good for its exit status, if that is ours to fetch. */
        private boolean usable(Scanned process) {
            boolean alive = !process.stat().zombie() || process.stat().parent() == self;
            return alive && !spared.containsKey(process.pid());
        }

        private boolean mayBeMain(Scanned process) {
            return process.tags().filter(tags -> !tags.helper()).isPresent()
                    && process.stat().session() == process.pid()
                    && process.pid() != self
                    && !doomed.containsKey(process.pid())
                    && !descends(process, spared.keySet())
                    && usable(process);
        }

        private static Comparator<Scanned> byLikelihood(Map<InstanceId, Long> incarnations) {
            return Comparator.<Scanned, Boolean>comparing(process -> process.tags()
                            .filter(tags -> Long.valueOf(tags.incarnation()).equals(incarnations.get(tags.instance())))
                            .isEmpty())
                    .thenComparing(
                            process -> process.tags().map(Tags::incarnation).orElse(0L), Comparator.reverseOrder())
                    .thenComparingLong(process -> process.stat().startTicks())
                    .thenComparingInt(Scanned::pid);
        }

        private Set<Integer> roots() {
            Set<Integer> roots = new HashSet<>(spared.keySet());
            mains.values().forEach(main -> roots.add(main.process().pid()));
            return roots;
        }

        private boolean belongs(Scanned process, Set<Integer> roots) {
            if (process.pid() == self || process.stat().zombie() || roots.contains(process.pid())) {
                return true;
            }
            if (process.tags().filter(Tags::helper).isPresent()) {
                return false;
            }
            return roots.contains(process.stat().session()) || ofLivingIncarnation(process) || descends(process, roots);
        }

        private boolean ofLivingIncarnation(Scanned process) {
            return process.tags()
                    .filter(tags -> {
                        Found main = mains.get(tags.instance());
                        return main != null && main.incarnation() == tags.incarnation();
                    })
                    .isPresent();
        }

        private boolean descends(Scanned process, Set<Integer> roots) {
            int parent = process.stat().parent();
            // Parents can change between two looks, so a circle is thinkable: hence the limit.
            for (int steps = 0; steps < processes.size() && processes.containsKey(parent); steps++) {
                if (roots.contains(parent)) {
                    return true;
                }
                parent = processes.get(parent).stat().parent();
            }
            return false;
        }
    }
}
