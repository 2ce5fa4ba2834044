package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.respawn.core.StateRecord;
import io.respawn.model.SidecarId;
import org.apache.kafka.common.utils.Utils;

/** Where the records of a sidecar stand on the state topic. */
final class StateKeys {

    private StateKeys() {}

    static String of(SidecarId id, StateRecord entry) {
        return id + "/" + entry.key();
    }

    /** The same partition that Java's own partitioner would take for the id. */
    static int partition(SidecarId id, int partitions) {
        return Utils.toPositive(Utils.murmur2(id.value().getBytes(UTF_8))) % partitions;
    }
}
