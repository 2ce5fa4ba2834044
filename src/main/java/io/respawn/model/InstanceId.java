package io.respawn.model;

import java.util.Comparator;

/** Names one copy of a service; the index counts from 0. */
public record InstanceId(ServiceName service, int index) implements Comparable<InstanceId> {

    private static final Comparator<InstanceId> ORDER =
            Comparator.comparing(InstanceId::service).thenComparingInt(InstanceId::index);

    public InstanceId {
        if (index < 0) {
            throw new IllegalArgumentException("Cannot use " + index + " as instance index: it counts from 0");
        }
    }

    @Override
    public int compareTo(InstanceId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return service + "/" + index;
    }
}
