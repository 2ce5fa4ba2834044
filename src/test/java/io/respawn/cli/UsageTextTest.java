package io.respawn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class UsageTextTest {

    @Test
    void tellsWhatEachInstanceUses() throws JsonProcessingException {
        // given
        JsonNode answer = json("{\"at\":\"2026-01-01T00:00:04Z\"}");
        JsonNode service = json("""
                {"name":"web","instances":[
                  {"index":0,"usage":{"at":"2026-01-01T00:00:00Z","memoryBytes":223763661,"maxMemoryBytes":536870912,
                    "cpuSeconds":12.345,"processes":3,"threads":25,"descriptors":41}},
                  {"index":1,"usage":{"at":"2026-01-01T00:00:00Z","memoryBytes":1536,"cpuSeconds":0,"processes":1,
                    "threads":1}},
                  {"index":2}]}""");

        // then
        assertThat(UsageText.lines(answer, service))
                .containsExactly(
                        "web/0: memory 213.4 MiB of 512.0 MiB, CPU 12.35 s, 3 processes, 25 threads, 41 descriptors, 4s"
                                + " ago",
                        "web/1: memory 1.5 KiB, CPU 0.00 s, 1 process, 1 thread, descriptors unknown, 4s ago");
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }
}
