package io.respawn.codec;

import io.respawn.model.InstanceId;
import io.respawn.model.SidecarId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns lines of services into CloudEvents 1.0. */
public final class OutputCodec {

    private static final String TYPE = "io.respawn.service.output.v1";

    /**
     * A line of a service.
     *
     * @param incarnation of the process that wrote it, 0 when that is not known
     * @param number counts the lines of the instance
     * @param time when it was read
     * @param stream stdout or stderr
     * @param cut whether it goes on in the next one
     */
    public record OutputLine(
            InstanceId instance,
            long incarnation,
            long number,
            Instant time,
            String stream,
            String text,
            boolean cut) {}

    private OutputCodec() {}

    /** Lines of one instance have one key, so that they stay in order. */
    public static String key(SidecarId id, InstanceId instance) {
        return id + "/" + instance;
    }

    public static WireEvent encode(SidecarId id, OutputLine line) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", name(line));
        headers.put("ce_source", "/respawn/" + id);
        headers.put("ce_type", TYPE);
        headers.put("ce_subject", id + "/" + line.instance().service());
        headers.put("ce_time", line.time().toString());
        headers.put("content-type", "application/json");
        return new WireEvent(headers, JsonWriter.document(json -> write(id, line, json)));
    }

    /** The same for a line that arrives twice; the time is in it since a sidecar that crashed counts anew. */
    private static String name(OutputLine line) {
        return line.instance() + "/" + line.incarnation() + "/" + line.number() + "/"
                + line.time().toEpochMilli();
    }

    private static void write(SidecarId id, OutputLine line, JsonWriter json) {
        json.text("sidecar", id.value())
                .text("service", line.instance().service().value())
                .number("instance", line.instance().index())
                .number("incarnation", line.incarnation())
                .number("number", line.number())
                .text("time", line.time().toString())
                .text("stream", line.stream())
                .text("text", line.text())
                .flagIfSet("cut", line.cut());
    }
}
