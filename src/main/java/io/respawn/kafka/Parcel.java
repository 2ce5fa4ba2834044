package io.respawn.kafka;

import io.respawn.codec.RawCommand;
import java.util.List;

/** Commands that were read together and go through the channel together, in order. */
public record Parcel(List<RawCommand> commands) {

    /** How many one holds at most: about as many as the loop takes at once. */
    static final int MOST = 64;

    public Parcel {
        commands = List.copyOf(commands);
    }
}
