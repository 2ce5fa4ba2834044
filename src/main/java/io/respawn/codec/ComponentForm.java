package io.respawn.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The form of any record, component by component, for what rides in a capsule: whatever a record gains is in it without
 * anybody having to remember it.
 *
 * <p>A record is an object with its components by name, an empty optional is left out, a record that is one of several
 * kinds says which by {@code is}, one that is nothing but a text is that text. What is missing takes its value from the
 * record's {@code DEFAULT}, or is empty; what is not known is skipped and reported.
 */
public final class ComponentForm {

    /** The field that says which kind of several a record is. */
    static final String KIND = "is";

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Consumer<String> unknown;
    private final Map<Class<?>, Function<String, ?>> texts;

    /**
     * A codec.
     *
     * @param unknown is told the path of each field that was skipped
     */
    public ComponentForm(Consumer<String> unknown) {
        this(unknown, Map.of());
    }

    /** The same with further types that are written as the text they show, each with how it is made from that. */
    public ComponentForm(Consumer<String> unknown, Map<Class<?>, Function<String, ?>> texts) {
        this.unknown = unknown;
        this.texts = Map.copyOf(texts);
    }

    public byte[] encode(Record value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            write(json, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("Cannot write JSON into memory", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a record back, or says in a {@link CodecException} why it cannot be read.
     *
     * @param what names it in messages, as in "a capsule"
     */
    public <T extends Record> T decode(String what, Class<T> type, byte[] bytes) {
        ComponentReader whole = new ComponentReader(what, unknown, texts);
        return type.cast(
                JsonReader.read(what, bytes, json -> new ComponentStream(what, unknown, whole, json).read(type, "")));
    }

    private void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case Record record -> writeRecord(json, record);
            case Map<?, ?> map -> writeMap(json, map);
            case Collection<?> items -> writeItems(json, items);
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case byte[] bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes));
            case Enum<?> constant -> json.writeString(constant.name());
            case String text -> json.writeString(text);
            case Instant at -> json.writeString(at.toString());
            case Duration time -> json.writeString(time.toString());
            default -> writeText(json, value);
        }
    }

    private void writeText(JsonGenerator json, Object value) throws IOException {
        if (texts.keySet().stream().noneMatch(type -> type.isInstance(value))) {
            throw new IllegalArgumentException(
                    "Cannot write a " + value.getClass().getName() + ": a capsule has no form for it");
        }
        json.writeString(value.toString());
    }

    private void writeRecord(JsonGenerator json, Record record) throws IOException {
        Shape shape = Shape.of(record.getClass());
        if (shape.isText()) {
            json.writeString((String) shape.value(record, 0));
            return;
        }
        json.writeStartObject();
        if (shape.isOneKindOfSeveral()) {
            json.writeStringField(KIND, record.getClass().getSimpleName());
        }
        for (int i = 0; i < shape.size(); i++) {
            Optional<?> value = present(shape.value(record, i));
            if (value.isPresent()) {
                json.writeFieldName(shape.name(i));
                write(json, value.get());
            }
        }
        json.writeEndObject();
    }

    private static Optional<?> present(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional;
            case OptionalInt number -> number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
            case OptionalLong number -> number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
            default -> Optional.of(value);
        };
    }

    private void writeMap(JsonGenerator json, Map<?, ?> map) throws IOException {
        json.writeStartObject();
        // The order of a map says nothing, and differs from one virtual machine to the next.
        for (Object key : map.keySet().stream()
                .sorted(Comparator.comparing(ComponentForm::key))
                .toList()) {
            json.writeFieldName(key(key));
            write(json, Objects.requireNonNull(map.get(key)));
        }
        json.writeEndObject();
    }

    private static String key(Object key) {
        return switch (key) {
            case Record record -> (String) Shape.of(record.getClass()).value(record, 0);
            case Enum<?> constant -> constant.name();
            default -> key.toString();
        };
    }

    private void writeItems(JsonGenerator json, Collection<?> items) throws IOException {
        json.writeStartArray();
        boolean unordered = items instanceof Set;
        for (Object item : unordered ? items.stream().sorted().toList() : items) {
            write(json, item);
        }
        json.writeEndArray();
    }
}
