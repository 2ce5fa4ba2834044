package io.respawn.process;

import io.respawn.core.Event.Found;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import java.util.Optional;

/**
 * A main process that is held by its descriptor.
 *
 * @param leader whether it leads a process group, as all do that we spawned
 */
record Child(Tags tags, ProcessIdentity identity, Pidfd pidfd, boolean leader) {

    /** Takes hold of a process that is there already; empty if it is not, or if nobody can tell that it is this one. */
    static Optional<Child> held(Tags tags, ProcessIdentity process) {
        Optional<Pidfd> pidfd =
                process.startTicks() > 0 ? Pidfd.open(process.pid(), process.startTicks()) : Optional.empty();
        return pidfd.map(open -> new Child(
                tags,
                process,
                open,
                ProcFs.stat(process.pid())
                        .filter(stat -> stat.processGroup() == process.pid())
                        .isPresent()));
    }

    /** How a process ended that could not be taken hold of. */
    static ExitStatus missing(ProcessIdentity process) {
        return new ExitStatus.Unknown(
                process.startTicks() > 0
                        ? "it ended while no sidecar watched it"
                        : "no start time of it was recorded, so it was left alone");
    }

    InstanceId instance() {
        return tags.instance();
    }

    ChildKey key() {
        return tags.key();
    }

    int pid() {
        return identity.pid();
    }

    Found found() {
        return new Found(instance(), tags.incarnation(), identity, tags.intent());
    }

    @Override
    public String toString() {
        return instance() + " (pid " + pid() + ", incarnation " + tags.incarnation() + ")";
    }
}
