package io.respawn.codec;

import io.respawn.core.DeadLetter;
import io.respawn.model.Text;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command's data and what its wrapping says about it. There are three wrappings: none (plain JSON), a CloudEvent in
 * binary mode (attributes in {@code ce_} headers), a CloudEvent in structured mode (attributes round the data).
 *
 * @param source empty for plain JSON
 */
record Envelope(
        Optional<String> id,
        String source,
        Optional<String> type,
        Optional<String> subject,
        Optional<String> traceparent,
        Fields data) {

    /** The largest command. */
    static final int LIMIT = 64 * 1024;

    private static final String WHAT = "a command";
    private static final String VERSION = "1.0";

    /** Opens what came from a topic. */
    static Envelope open(Optional<byte[]> value, List<DeadLetter.Header> received, Consumer<String> unknown) {
        byte[] bytes = value.orElseThrow(
                () -> new CodecException("Cannot read a command without a value: send a JSON object"));
        Map<String, String> headers = headers(received);
        String contentType = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        if (contentType.startsWith("application/cloudevents")
                && !contentType.startsWith("application/cloudevents+json")) {
            throw new CodecException("Cannot read a command of content type '" + Text.shown(contentType)
                    + "': send application/json or application/cloudevents+json");
        }
        Optional<String> traceparent = Optional.ofNullable(headers.get("traceparent"));
        boolean structured = contentType.startsWith("application/cloudevents+json");
        if (!structured && headers.containsKey("ce_specversion")) {
            return binary(bytes, headers, traceparent, unknown);
        }
        return bare(bytes, structured, traceparent, unknown);
    }

    /** Opens a body without headers: plain JSON, or a CloudEvent in structured mode. */
    static Envelope bare(byte[] bytes, boolean structured, Optional<String> traceparent, Consumer<String> unknown) {
        Fields fields = Fields.of(WHAT, limited(bytes), unknown);
        if (structured || fields.has("specversion")) {
            return structured(fields, traceparent, unknown);
        }
        return new Envelope(fields.text("id"), "", Optional.empty(), Optional.empty(), traceparent, fields);
    }

    private static Envelope binary(
            byte[] bytes, Map<String, String> headers, Optional<String> traceparent, Consumer<String> unknown) {
        checkVersion(headers.get("ce_specversion"));
        // A ping may have nothing to say but its type.
        Fields data = bytes.length == 0 ? Fields.none(WHAT, unknown) : Fields.of(WHAT, limited(bytes), unknown);
        return new Envelope(
                Optional.ofNullable(headers.get("ce_id")).or(() -> data.text("id")),
                headers.getOrDefault("ce_source", ""),
                Optional.ofNullable(headers.get("ce_type")),
                Optional.ofNullable(headers.get("ce_subject")),
                Optional.ofNullable(headers.get("ce_traceparent")).or(() -> traceparent),
                data);
    }

    private static Envelope structured(Fields event, Optional<String> traceparent, Consumer<String> unknown) {
        checkVersion(event.text("specversion").orElse(null));
        Fields data = event.object("data").orElseGet(() -> Fields.none(WHAT, unknown));
        return new Envelope(
                event.text("id").or(() -> data.text("id")),
                event.text("source").orElse(""),
                event.text("type"),
                event.text("subject"),
                event.text("traceparent").or(() -> traceparent),
                data);
    }

    private static void checkVersion(@Nullable String version) {
        if (!VERSION.equals(version)) {
            throw new CodecException("Cannot read a CloudEvent of version '" + Text.shown(String.valueOf(version))
                    + "': send specversion " + VERSION);
        }
    }

    private static byte[] limited(byte[] bytes) {
        if (bytes.length > LIMIT) {
            throw new CodecException(
                    "Cannot read a command of " + bytes.length + " bytes: at most " + LIMIT + " are allowed");
        }
        return bytes;
    }

    private static Map<String, String> headers(List<DeadLetter.Header> received) {
        Map<String, String> headers = new HashMap<>();
        received.forEach(header -> headers.put(
                header.name().toLowerCase(Locale.ROOT), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
