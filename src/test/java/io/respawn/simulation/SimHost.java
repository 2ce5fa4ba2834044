package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Ledger;
import io.respawn.model.HostIdentity;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ProcessIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** A machine: its kernel and its disk outlive the sidecar. */
final class SimHost {

    private final HostIdentity identity;
    private final SimKernel kernel;
    private final SimJournal journal;
    private final Sabotage sabotage;
    private final List<SimKernel.SimProcess> unnoted = new ArrayList<>();
    private int batches;

    SimHost(HostIdentity identity, VirtualTime time, RandomGenerator random, Plan plan, Sabotage sabotage) {
        this.identity = identity;
        this.sabotage = sabotage;
        kernel = new SimKernel(time, random);
        journal = new SimJournal(plan, Ledger.fresh(identity));
    }

    HostIdentity identity() {
        return identity;
    }

    SimKernel kernel() {
        return kernel;
    }

    SimJournal journal() {
        return journal;
    }

    void keep(Batch batch) {
        boolean lost = sabotage == Sabotage.LOST_BATCH && ++batches % 20 == 0;
        if (!lost) {
            journal.append(batch);
        }
    }

    void note(SimKernel.SimProcess process) {
        if (sabotage != Sabotage.SECOND_START) {
            journal.note(process.found());
        }
    }

    /** The sidecar is gone. */
    void abandoned() {
        kernel.abandon();
        if (sabotage == Sabotage.SECOND_START) {
            kernel.endAll();
        }
    }

    /** The sidecar died before it could note the start of this process. */
    void unnoted(SimKernel.SimProcess process) {
        unnoted.add(process);
    }

    /** A later life found it. */
    void found(ProcessIdentity process) {
        unnoted.removeIf(each -> each.identity().equals(process));
    }

    /** The orders of which the next life cannot know that they were begun, since the process is gone as well. */
    List<IntentId> unknowable() {
        Map<Boolean, List<SimKernel.SimProcess>> byLife =
                unnoted.stream().collect(Collectors.partitioningBy(this::isAlive));
        unnoted.retainAll(byLife.get(true));
        return byLife.get(false).stream()
                .flatMap(process -> process.intent.stream())
                .toList();
    }

    private boolean isAlive(SimKernel.SimProcess process) {
        return kernel.living(process.instance)
                .filter(alive -> alive.identity().equals(process.identity()))
                .isPresent();
    }
}
