package io.respawn.system;

import io.respawn.system.Topics.Seen;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the public events of a sidecar tell. */
record Told(List<Seen> events) {

    /**
     * An end of a service's process.
     *
     * @param words how it ended
     */
    record End(long incarnation, String words) {

        boolean isUnknown() {
            return words.startsWith("unknown exit (");
        }
    }

    static Told of(List<Seen> events) {
        return new Told(events);
    }

    /** How each intent ended: one word each, if all is well. */
    Map<String, List<String>> outcomes() {
        return events.stream()
                .filter(Seen::isOutcome)
                .collect(Collectors.groupingBy(
                        event -> event.data().path("intent").asText(),
                        Collectors.mapping(Seen::happening, Collectors.toList())));
    }

    /** The ends of a service's only instance. */
    List<End> ends(String service) {
        return of("io.respawn.service.exited.v1").stream()
                .filter(event -> event.data().path("service").asText().equals(service))
                .map(event -> new End(
                        event.data().path("incarnationAfter").asLong(),
                        event.data().path("exit").asText()))
                .toList();
    }

    /** All of one type. */
    List<Seen> of(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }
}
