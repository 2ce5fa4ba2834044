package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import java.util.Optional;

/** Port: whose a process is, and which one of a service is its main. Thread-safe. */
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

    /** The living process with this number, if it belongs to the same process of a service as whoever named it. */
    Optional<ProcessIdentity> heir(Member of, int pid);

    /** From now on this is the main. Answered by {@code HandedOver}, unless it ended meanwhile. */
    void follow(Member of, ProcessIdentity heir);
}
