package io.respawn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.Locale;

/** Where a verb writes: what was asked for to {@code out}, trouble to {@code err}. */
record Output(PrintWriter out, PrintWriter err) {

    static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** How results are written. */
    enum Format {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    void line(String text) {
        out.println(Ascii.of(text));
        out.flush();
    }

    void json(JsonNode value) {
        try {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write JSON that was just read", e);
        }
    }

    void trouble(String message) {
        message.lines().forEach(line -> err.println(Ascii.of(line)));
        err.flush();
    }
}
