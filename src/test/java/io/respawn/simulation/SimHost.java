package io.respawn.simulation;

import io.respawn.core.Batch;
import io.respawn.core.Event.Noted;
import io.respawn.core.Ledger;
import io.respawn.model.HostIdentity;
import io.respawn.model.Plan;
import java.util.random.RandomGenerator;

/** A machine: its kernel and its disk outlive the sidecar. */
final class SimHost {

    private final HostIdentity identity;
    private final SimKernel kernel;
    private final SimJournal journal;
    private final Sabotage sabotage;
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

    void note(Noted note) {
        if (sabotage != Sabotage.SECOND_START) {
            journal.note(note);
        }
    }

    /** The sidecar is gone. */
    void abandoned() {
        kernel.abandon();
        if (sabotage == Sabotage.SECOND_START) {
            kernel.endAll();
        }
    }
}
