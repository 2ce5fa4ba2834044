package io.respawn.supervise;

import io.respawn.core.Intent;
import io.respawn.model.ServiceName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Tells what schedules have ordered, and when they come due. Any thread may ask. */
public interface Schedules {

    /**
     * How it stands with the schedule of a service.
     *
     * @param last what was planned last, whether it was carried out or not
     * @param next when the next planned time is due; never while the service is stopped
     * @param tooOld when the first of its processes is too old
     */
    record Outlook(Optional<Intent> last, Optional<Instant> next, Optional<Instant> tooOld) {}

    /** Of all services that have a schedule, as it is by the state at that moment. */
    Map<ServiceName, Outlook> outlook(Snapshot snapshot);
}
