package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Opens the files that output is kept in. */
record LogFiles(OutputPlaces places, InstantSource clock, Compressor compressor, Statistics statistics) {

    private static final Logger LOG = System.getLogger(LogFiles.class.getName());

    /** That of an instance; empty, and said so, where there is no place for it. */
    Optional<LogFile> of(InstanceId instance, OutputPolicy.File policy) {
        Optional<Path> path = places.log(instance, policy);
        if (path.isEmpty()) {
            statistics.fault(LogFile.FAILED);
            LOG.log(
                    Level.ERROR,
                    "Cannot keep the output of {0} in a file: there is no state directory; set respawn.state-directory"
                            + " or output.file.path of the service",
                    instance);
        }
        return path.map(file -> new LogFile(file, policy, clock, compressor, statistics));
    }
}
