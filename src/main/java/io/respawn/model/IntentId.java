package io.respawn.model;

/** Names an intent; the sender of the command chose it, and together with the source it is the key of de-duplication. */
public record IntentId(String value) implements Comparable<IntentId> {

    public IntentId {
        Names.intent(value);
    }

    @Override
    public int compareTo(IntentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
