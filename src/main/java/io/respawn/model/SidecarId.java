package io.respawn.model;

/** Names one sidecar among all that share the Kafka topics. */
public record SidecarId(String value) {

    public SidecarId {
        Names.name("sidecar id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
