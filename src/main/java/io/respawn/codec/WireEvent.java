package io.respawn.codec;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A CloudEvent in binary mode, ready for Kafka: header values are UTF-8, the data is JSON. */
// The data goes straight into a producer record; nobody compares it.
@SuppressWarnings("ArrayRecordComponent")
public record WireEvent(SortedMap<String, String> headers, byte[] data) {

    public WireEvent {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    }
}
