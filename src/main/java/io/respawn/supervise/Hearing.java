package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import java.util.Map;

/** Port: what services have to say. Thread-safe; one that only gives variables hears nothing. */
@FunctionalInterface
public interface Hearing {

    /** What a service finds in its environment to speak by. */
    Map<String, String> variables(ServiceSpec spec);

    /** Whether this one may have said something that was not passed on yet. */
    default boolean isAwaited(InstanceId instance) {
        return false;
    }

    /** Runs this, on any thread, when all that it had said until now was passed on. */
    default void hearOut(InstanceId instance, Runnable then) {
        then.run();
    }
}
