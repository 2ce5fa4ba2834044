package io.respawn.process;

import io.respawn.linux.Duplicates;
import io.respawn.model.InstanceId;

/**
 * The hold on a process that is not our child, on its way to the next image of the sidecar: whoever opens it anew when the
 * process has ended finds nothing, and the kernel tells only those how it ended who held it then.
 *
 * @param descriptor of the process, to be kept over {@code execve}
 */
public record KeptHold(InstanceId instance, long incarnation, int descriptor) {

    /** The same by another descriptor, for somebody else in this process. */
    public KeptHold duplicate() {
        return new KeptHold(instance, incarnation, Duplicates.of(descriptor));
    }
}
