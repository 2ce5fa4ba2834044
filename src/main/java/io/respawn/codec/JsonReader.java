package io.respawn.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.respawn.model.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON object, strictly: UTF-8, nothing behind it, no name twice, no deeper than {@link #LEVELS} levels. */
final class JsonReader {

    /** How deep a document may be nested. */
    static final int LEVELS = 16;

    // Field names come from strangers: neither the JVM's string table nor a shared symbol table is to grow by them.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final String what;
    private final JsonParser parser;

    private JsonReader(String what, JsonParser parser) {
        this.what = what;
        this.parser = parser;
    }

    /** What is made of an object while it is being read; it begins where the object does, and has to end where that does. */
    @FunctionalInterface
    interface Pieces<T> {
        T take(JsonReader json) throws IOException;
    }

    /**
     * Reads an object.
     *
     * @param what names the document in messages, as in "a ledger"
     */
    static Json.Members read(String what, byte[] bytes) {
        String text = text(what, bytes);
        return read(what, () -> FACTORY.createParser(text), json -> json.members(1));
    }

    /** Reads an object piece by piece, since it may be large: one that we wrote, under a seal, so its encoding need not be doubted. */
    static <T> T read(String what, byte[] bytes, Pieces<T> pieces) {
        return read(what, () -> FACTORY.createParser(bytes), pieces);
    }

    private interface Opening {
        JsonParser open() throws IOException;
    }

    private static <T> T read(String what, Opening opening, Pieces<T> pieces) {
        try (JsonParser parser = opening.open()) {
            return new JsonReader(what, parser).document(pieces);
        } catch (JsonProcessingException broken) {
            throw new CodecException(
                    "Cannot read " + what + ": it is not JSON, line "
                            + broken.getLocation().getLineNr() + ", column "
                            + broken.getLocation().getColumnNr() + ": "
                            + Text.bounded(broken.getOriginalMessage()),
                    broken);
        } catch (IOException impossible) {
            throw new CodecException("Cannot read " + what + ": " + impossible.getMessage(), impossible);
        }
    }

    private static String text(String what, byte[] bytes) {
        try {
            // Explicitly, since the parser would guess UTF-16 and UTF-32 from the first bytes.
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new CodecException("Cannot read " + what + ": it is not UTF-8 text; send a JSON object", notText);
        }
    }

    private <T> T document(Pieces<T> pieces) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new CodecException("Cannot read " + what + ": it is empty; send a JSON object");
        }
        if (first != JsonToken.START_OBJECT) {
            throw new CodecException("Cannot read " + what + ": it begins with "
                    + (first == JsonToken.START_ARRAY ? "an array" : "'" + Text.shown(parser.getText()) + "'")
                    + "; send a JSON object");
        }
        T made = pieces.take(this);
        if (parser.nextToken() != null) {
            throw new CodecException(
                    "Cannot read " + what + ": something follows the JSON object; send one object only");
        }
        return made;
    }

    /** Where it is. */
    JsonToken token() {
        return parser.currentToken();
    }

    JsonToken next() throws IOException {
        return parser.nextToken();
    }

    /** Of the field that it is at. */
    String name() throws IOException {
        return parser.currentName();
    }

    /** The value that begins here, as a whole. */
    Json value() throws IOException {
        return value(parser.currentToken(), 1);
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    private Json.Members members(int level) throws IOException {
        checkLevel(level);
        Map<String, Json> values = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (values.containsKey(name)) {
                throw new CodecException(
                        "Cannot read " + what + ": the field '" + Text.shown(name) + "' is there twice; send it once");
            }
            values.put(name, value(parser.nextToken(), level));
        }
        return new Json.Members(values);
    }

    private Json.Array items(int level) throws IOException {
        checkLevel(level);
        List<Json> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(token, level));
        }
        return new Json.Array(items);
    }

    private Json value(JsonToken token, int level) throws IOException {
        return switch (token) {
            case START_OBJECT -> members(level + 1);
            case START_ARRAY -> items(level + 1);
            case VALUE_STRING -> new Json.Word(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Digits(parser.getText());
            case VALUE_TRUE -> new Json.Flag(true);
            case VALUE_FALSE -> new Json.Flag(false);
            case VALUE_NULL -> new Json.Null();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new CodecException("Cannot read " + what + ": unexpected " + token);
        };
    }

    private void checkLevel(int level) {
        if (level > LEVELS) {
            throw new CodecException("Cannot read " + what + ": it is nested deeper than " + LEVELS + " levels");
        }
    }
}
