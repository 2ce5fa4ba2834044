package io.respawn.probe;

import io.respawn.linux.Duplicates;
import io.respawn.model.InstanceId;
import java.util.List;

/**
 * The notify socket on its way from one image of the sidecar to the next; what waits in it stays there.
 *
 * @param descriptor to be kept over {@code execve}
 * @param address where services find it
 * @param heard those who promised signs of life
 */
public record KeptSocket(int descriptor, String address, List<Heard> heard) {

    public KeptSocket {
        heard = List.copyOf(heard);
    }

    /** The same with another descriptor of the socket. */
    public KeptSocket duplicate() {
        return new KeptSocket(Duplicates.of(descriptor), address, heard);
    }

    /**
     * When somebody was last heard.
     *
     * @param at the reading of the boot clock, in nanoseconds
     */
    public record Heard(InstanceId instance, long incarnation, long at) {}
}
