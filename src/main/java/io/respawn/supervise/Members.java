package io.respawn.supervise;

import io.respawn.model.InstanceId;
import java.util.Optional;

/** Port: whose a process is. Thread-safe. */
@FunctionalInterface
public interface Members {

    /** The process of a service that somebody belongs to. */
    record Member(InstanceId instance, long incarnation) {}

    /**
     * The instance whose main it is, or to whose session, group or tag it belongs; empty for strangers and for what is
     * gone.
     *
     * @param uid the user it said something as
     */
    Optional<Member> find(int pid, int uid);
}
