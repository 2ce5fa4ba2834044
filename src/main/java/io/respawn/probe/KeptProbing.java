package io.respawn.probe;

import io.respawn.model.InstanceId;
import io.respawn.supervise.ProbeAnswer;
import java.util.List;

/** What a process is asked, and what it answered last, on its way from one image of the sidecar to the next. */
public record KeptProbing(InstanceId instance, long incarnation, List<ProbeAnswer> answers) {

    public KeptProbing {
        answers = List.copyOf(answers);
    }
}
