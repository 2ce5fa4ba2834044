package io.respawn.model;

/** Where a command stood: topic, partition, and offset. */
public record Position(String topic, int partition, long offset) {

    /** The partition's name, the key of positions in the ledger. */
    public String partitionName() {
        return topic + "-" + partition;
    }

    @Override
    public String toString() {
        return partitionName() + "@" + offset;
    }
}
