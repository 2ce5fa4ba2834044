package io.respawn.supervise;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import java.nio.file.Path;
import java.util.List;

/** Port: processes that attend a service without being its main, such as the commands of probes. Thread-safe. */
public interface Attendants {

    /** {@code NAME=value}: what the service's main gets, and a mark that nobody takes it for one. */
    List<String> environment(ServiceSpec spec, InstanceId instance, long incarnation);

    /** Where the service starts. */
    Path directory(ServiceSpec spec);

    /** From now on nobody but the caller reaps or ends this process; to be called as its spawn is registered. */
    void add(int pid);

    /** To be called before it is reaped, since then its number may come back. */
    void remove(int pid);
}
