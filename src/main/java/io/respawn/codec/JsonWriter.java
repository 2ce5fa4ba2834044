package io.respawn.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes JSON objects field by field; absent values are left out. */
final class JsonWriter {

    // ASCII only: a half of a surrogate pair in somebody's text is then written as it is instead of failing the write.
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The words of a kind of constants: each is looked for many times in each record. */
    private static final ClassValue<Map<Enum<?>, String>> WORDS = new ClassValue<>() {
        @Override
        protected Map<Enum<?>, String> computeValue(Class<?> type) {
            return Arrays.stream(type.getEnumConstants())
                    .<Enum<?>>map(constant -> (Enum<?>) constant)
                    .collect(Collectors.toUnmodifiableMap(
                            constant -> constant,
                            constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        }
    };

    private final JsonGenerator generator;

    private JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    /** One whole document. */
    static byte[] document(Consumer<JsonWriter> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            generator.writeStartObject();
            content.accept(new JsonWriter(generator));
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
        return bytes.toByteArray();
    }

    JsonWriter text(String name, String value) {
        try {
            generator.writeStringField(name, value);
            return this;
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    /** The text form of the value, which must be one that can be parsed back. */
    JsonWriter text(String name, Optional<?> value) {
        value.ifPresent(present -> text(name, present.toString()));
        return this;
    }

    /** Leaves an empty text out. */
    JsonWriter textIfAny(String name, String value) {
        return value.isEmpty() ? this : text(name, value);
    }

    JsonWriter word(String name, Enum<?> value) {
        return text(name, word(value));
    }

    JsonWriter number(String name, long value) {
        try {
            generator.writeNumberField(name, value);
            return this;
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    JsonWriter number(String name, OptionalLong value) {
        value.ifPresent(present -> number(name, present));
        return this;
    }

    JsonWriter number(String name, OptionalInt value) {
        value.ifPresent(present -> number(name, present));
        return this;
    }

    JsonWriter flag(String name, boolean value) {
        try {
            generator.writeBooleanField(name, value);
            return this;
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    JsonWriter flagIfSet(String name, boolean value) {
        return value ? flag(name, true) : this;
    }

    JsonWriter object(String name, Consumer<JsonWriter> content) {
        try {
            generator.writeObjectFieldStart(name);
            content.accept(this);
            generator.writeEndObject();
            return this;
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    <T> JsonWriter object(String name, Optional<T> value, BiConsumer<JsonWriter, T> form) {
        value.ifPresent(present -> object(name, inner -> form.accept(inner, present)));
        return this;
    }

    /** An array of objects. */
    <T> JsonWriter array(String name, List<? extends T> values, BiConsumer<JsonWriter, T> form) {
        try {
            generator.writeArrayFieldStart(name);
            for (T value : values) {
                generator.writeStartObject();
                form.accept(this, value);
                generator.writeEndObject();
            }
            generator.writeEndArray();
            return this;
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    /** How a constant is spelled in documents: {@code START_TIMEOUT} is {@code start-timeout}. */
    static String word(Enum<?> value) {
        return Objects.requireNonNull(WORDS.get(value.getDeclaringClass()).get(value));
    }

    private static UncheckedIOException inMemory(IOException impossible) {
        return new UncheckedIOException("Cannot write JSON into memory", impossible);
    }
}
