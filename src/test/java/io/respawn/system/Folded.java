package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.system.Topics.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest of each service, told three times: by the API, by the newest records on the state topic, and by all public
 * events in their order. It is about services with one instance whose state does not change meanwhile.
 *
 * @param up whether it runs and is ready
 * @param ended the incarnation whose end came last, 0 without one
 * @param exit how that ended
 */
record Folded(boolean up, long incarnation, long ended, String exit) {

    private static final Folded NOTHING = new Folded(false, 0, 0, "");

    static void assertSame(RunningSidecar sidecar, Topics topics) {
        Map<String, Folded> shown = ofStatus(sidecar.status());
        assertThat(shown).isNotEmpty();
        await("the events as the API has it")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(ofEvents(topics.events(sidecar.id()))).isEqualTo(shown));
        await("the records as the API has it")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ofRecords(sidecar.id(), topics.states()))
                        .isEqualTo(ofStatusWithPids(sidecar.status())));
        assertThat(ofStatus(sidecar.status())).isEqualTo(shown);
    }

    private static Map<String, Folded> ofStatus(JsonNode status) {
        Map<String, Folded> all = new TreeMap<>();
        for (JsonNode service : status.path("services")) {
            JsonNode instance = service.at("/instances/0");
            all.put(
                    service.path("name").asText(),
                    new Folded(
                            instance.path("state").asText().equals("ready"),
                            instance.path("incarnation").asLong(),
                            instance.at("/lastExit/incarnation").asLong(),
                            instance.at("/lastExit/status").asText()));
        }
        return all;
    }

    private static Map<String, Folded> ofEvents(List<Seen> events) {
        Map<String, Folded> all = new TreeMap<>();
        for (Seen event : events) {
            if (event.type().startsWith("io.respawn.service.")) {
                all.merge(
                        event.data().path("service").asText(),
                        NOTHING.after(event),
                        (before, alone) -> before.after(event));
            }
        }
        return all;
    }

    private Folded after(Seen event) {
        long about = event.data().path("incarnationAfter").asLong();
        return switch (event.happening()) {
            case "started" -> new Folded(false, about, ended, exit);
            case "ready" -> new Folded(true, about, ended, exit);
            case "exited" ->
                new Folded(false, incarnation, about, event.data().path("exit").asText());
            case "unready", "stopping", "stopped", "exhausted", "completed" ->
                new Folded(false, incarnation, ended, exit);
            default -> this;
        };
    }

    /** What the records and the API both have word by word. */
    private record Position(String state, long incarnation, long pid, long restarts, long ended) {

        /** The API and the records call two things differently. */
        static Position of(JsonNode instance, String state, String pid) {
            return new Position(
                    instance.at(state).asText(),
                    instance.path("incarnation").asLong(),
                    instance.at(pid).asLong(),
                    instance.path("restarts").asLong(),
                    instance.at("/lastExit/incarnation").asLong());
        }
    }

    private static Map<String, Position> ofRecords(String sidecar, Map<String, JsonNode> states) {
        Map<String, Position> all = new TreeMap<>();
        String prefix = sidecar + "/service/";
        states.forEach((key, service) -> {
            if (key.startsWith(prefix)) {
                JsonNode instance = service.at("/instances/0");
                all.put(key.substring(prefix.length()), Position.of(instance, "/state/is", "/state/process/pid"));
            }
        });
        return all;
    }

    private static Map<String, Position> ofStatusWithPids(JsonNode status) {
        Map<String, Position> all = new TreeMap<>();
        for (JsonNode service : status.path("services")) {
            all.put(service.path("name").asText(), Position.of(service.at("/instances/0"), "/state", "/pid"));
        }
        return all;
    }
}
