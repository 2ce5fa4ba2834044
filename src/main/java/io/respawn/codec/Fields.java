package io.respawn.codec;

import io.respawn.model.Durations;
import io.respawn.model.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hands out the fields of one object by name and type, and reports those that nobody asked for. */
final class Fields {

    private final String what;
    private final String path;
    private final Map<String, Json> values;
    private final Consumer<String> unknown;
    private final Set<String> asked = new HashSet<>();

    private Fields(String what, String path, Map<String, Json> values, Consumer<String> unknown) {
        this.what = what;
        this.path = path;
        this.values = values;
        this.unknown = unknown;
    }

    /**
     * The fields of a document.
     *
     * @param what names it in messages, as in "a ledger"
     */
    static Fields of(String what, byte[] bytes, Consumer<String> unknown) {
        return new Fields(what, "", JsonReader.read(what, bytes).values(), unknown);
    }

    /** No fields at all. */
    static Fields none(String what, Consumer<String> unknown) {
        return new Fields(what, "", Map.of(), unknown);
    }

    /** Reads a value that consists of these fields, and reports the others. */
    <T> T as(Function<Fields, T> form) {
        try {
            T value = form.apply(this);
            values.keySet().stream().filter(name -> !asked.contains(name)).forEach(name -> unknown.accept(path + name));
            return value;
        } catch (IllegalArgumentException invalid) {
            throw new CodecException("Cannot read " + what + ": " + continued(invalid.getMessage()), invalid);
        }
    }

    private static String continued(@Nullable String sentence) {
        String text = String.valueOf(sentence);
        return text.startsWith("Cannot ") ? "cannot" + text.substring("Cannot".length()) : text;
    }

    /** Refuses what a newer version wrote, before any other field is looked at. */
    Fields schema(long understood) {
        long schema = number("schema");
        if (schema != understood) {
            throw new CodecException("Cannot read " + what + " of schema " + schema + ": this version reads schema "
                    + understood + "; start a version that knows it");
        }
        return this;
    }

    /** Says that these fields are known, though nobody reads them here. */
    void known(String... names) {
        asked.addAll(List.of(names));
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    Optional<String> text(String name) {
        return find(name).map(value -> {
            if (value instanceof Json.Word word) {
                return word.value();
            }
            throw wrong(name, value, "is not text; put it in quotes");
        });
    }

    String someText(String name) {
        return text(name).orElseThrow(() -> missing(name));
    }

    OptionalLong wholeNumber(String name) {
        Optional<Json> found = find(name);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            if (found.get() instanceof Json.Digits number) {
                return OptionalLong.of(Long.parseLong(number.digits()));
            }
        } catch (NumberFormatException notWhole) {
            throw wrong(name, found.get(), "is not a whole number of 64 bits", notWhole);
        }
        throw wrong(name, found.get(), "is not a whole number");
    }

    long number(String name) {
        return wholeNumber(name).orElseThrow(() -> missing(name));
    }

    long number(String name, long otherwise) {
        return wholeNumber(name).orElse(otherwise);
    }

    /** A whole number of 32 bits. */
    OptionalInt maybeCount(String name) {
        OptionalLong number = wholeNumber(name);
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        long value = number.getAsLong();
        if (value != (int) value) {
            throw wrong(name, new Json.Digits(Long.toString(value)), "is out of range");
        }
        return OptionalInt.of((int) value);
    }

    int count(String name, int otherwise) {
        return maybeCount(name).orElse(otherwise);
    }

    int someCount(String name) {
        return maybeCount(name).orElseThrow(() -> missing(name));
    }

    boolean flag(String name) {
        return find(name)
                .map(value -> {
                    if (value instanceof Json.Flag flag) {
                        return flag.value();
                    }
                    throw wrong(name, value, "is neither true nor false");
                })
                .orElse(false);
    }

    Optional<Instant> instant(String name) {
        return text(name).map(text -> {
            try {
                return Instants.parse(text);
            } catch (DateTimeException notATime) {
                throw wrong(name, text, "is not a time; write it like 2030-01-31T12:00:00Z", notATime);
            }
        });
    }

    /** A length of time, {@code PT10S} or {@code 10s}. */
    Optional<Duration> duration(String name) {
        return text(name).map(text -> {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException notADuration) {
                throw wrong(name, text, "is not a length of time; write it like 10s, 500ms or PT10S", notADuration);
            }
        });
    }

    Instant someInstant(String name) {
        return instant(name).orElseThrow(() -> missing(name));
    }

    /** One of a few constants, by its word. */
    <E extends Enum<E>> E word(String name, E[] constants) {
        String text = someText(name);
        return Arrays.stream(constants)
                .filter(constant -> JsonWriter.word(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        text,
                        "is none of "
                                + Arrays.stream(constants).map(JsonWriter::word).collect(Collectors.joining(", "))));
    }

    Optional<Fields> object(String name) {
        return find(name).map(value -> {
            if (value instanceof Json.Members members) {
                return inner(name, members);
            }
            throw wrong(name, value, "is not an object");
        });
    }

    Fields someObject(String name) {
        return object(name).orElseThrow(() -> missing(name));
    }

    /** An array of objects; empty when absent. */
    List<Fields> objects(String name) {
        Optional<Json> found = find(name);
        if (found.isEmpty()) {
            return List.of();
        }
        if (!(found.get() instanceof Json.Array array)) {
            throw wrong(name, found.get(), "is not an array");
        }
        List<Fields> objects = new ArrayList<>(array.items().size());
        for (Json item : array.items()) {
            if (!(item instanceof Json.Members members)) {
                throw wrong(name, item, "is not an object, as each item must be");
            }
            objects.add(inner(name, members));
        }
        return objects;
    }

    /** All names of this object, all of them known by that. */
    List<String> names() {
        asked.addAll(values.keySet());
        return List.copyOf(values.keySet());
    }

    CodecException wrong(String name, Json value, String why) {
        return new CodecException(sentence(name, value, why));
    }

    CodecException wrong(String name, String value, String why) {
        return wrong(name, new Json.Word(value), why);
    }

    private CodecException wrong(String name, String value, String why, Exception cause) {
        return wrong(name, new Json.Word(value), why, cause);
    }

    private CodecException wrong(String name, Json value, String why, Exception cause) {
        return new CodecException(sentence(name, value, why), cause);
    }

    private String sentence(String name, Json value, String why) {
        return "Cannot read the field '" + Text.shown(path + name) + "' of " + what + ": " + value.shown() + " " + why;
    }

    CodecException missing(String name) {
        return new CodecException("Cannot read " + what + ": the field '" + path + name + "' is missing");
    }

    private Optional<Json> find(String name) {
        asked.add(name);
        Json value = values.get(name);
        return value == null || value instanceof Json.Null ? Optional.empty() : Optional.of(value);
    }

    private Fields inner(String name, Json.Members members) {
        return new Fields(what, path + name + ".", members.values(), unknown);
    }
}
