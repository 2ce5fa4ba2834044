package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.ReadyLine;
import java.util.Optional;

/** What of the output of services depends on the plan. */
public interface OutputPolicies {

    /** What stands before a line, such as {@code web} or {@code web/0}. */
    String label(InstanceId instance);

    /** Where lines go whose process was started by an earlier sidecar. */
    OutputPolicy policy(InstanceId instance);

    /** The line by which such a process says that it is up; none unless the plan names one. */
    default Optional<ReadyLine> readyLine(InstanceId instance) {
        return Optional.empty();
    }
}
