package io.respawn.supervise;

import io.respawn.core.Event.Found;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import java.util.List;
import java.util.Optional;

/** Port: children. Called on the loop; never waits. */
public interface ProcessRunner {

    /** What the records know of an instance's process, given to {@link #recover}. */
    record Known(InstanceId instance, long incarnation, Optional<ProcessIdentity> process) {}

    /**
     * Searches {@code /proc} once, before anything is started: finds the living main of every instance by its recorded
     * identity, else by the tags in its environment, and kills tagged processes that belong to nobody.
     */
    List<Found> recover(List<Known> known);

    /** Starts a process with its own session. Answered by {@code ProcessSpawned} or {@code SpawnFailed}. */
    void spawn(ServiceSpec spec, InstanceId instance, long incarnation, Optional<IntentId> intent);

    /** Watches a process that outlived its sidecar. Answered by {@code ProcessExited} when it is gone, even if at once. */
    void adopt(InstanceId instance, long incarnation, ProcessIdentity process);

    /** Waits no longer for a start that is under way: it failed, unless its outcome is known already. */
    void abandonStart(InstanceId instance, long incarnation);

    /** Sends a signal to the whole group of the instance's process; a failure is reported in the log and counted. */
    void signal(InstanceId instance, long incarnation, Signal signal);
}
