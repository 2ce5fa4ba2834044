package io.respawn.model;

/** Names a declared service. */
public record ServiceName(String value) implements Comparable<ServiceName> {

    public ServiceName {
        Names.name("service name", value);
    }

    @Override
    public int compareTo(ServiceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
