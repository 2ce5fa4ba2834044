package io.respawn.codec;

import io.respawn.model.Text;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes records from what {@link ComponentForm} wrote, this version's or another's. */
final class ComponentReader {

    private final String what;
    private final Consumer<String> unknown;
    private final Map<Class<?>, Function<String, ?>> texts;

    ComponentReader(String what, Consumer<String> unknown, Map<Class<?>, Function<String, ?>> texts) {
        this.what = what;
        this.unknown = unknown;
        this.texts = texts;
    }

    /** A value of the type; {@code path} is where it stands, for messages. */
    Object read(Type type, Json json, String path) {
        if (type instanceof ParameterizedType generic) {
            return readGeneric(generic, json, path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return readRecord(plain, json, path);
        }
        if (plain.isInterface() && plain.isSealed()) {
            return readRecord(kind(plain, json, path), json, path);
        }
        return readPlain(plain, json, path);
    }

    private Object readPlain(Class<?> type, Json json, String path) {
        Function<String, ?> made = texts.get(type);
        try {
            if (made != null && json instanceof Json.Word word) {
                return made.apply(word.value());
            }
            return switch (json) {
                case Json.Word word when type == String.class -> word.value();
                case Json.Word word when type == Instant.class -> Instant.parse(word.value());
                case Json.Word word when type == Duration.class -> Duration.parse(word.value());
                case Json.Word word
                when type == byte[].class -> Base64.getDecoder().decode(word.value());
                case Json.Word word when type.isEnum() -> constant(type, word.value());
                case Json.Digits number
                when type == int.class || type == Integer.class -> Integer.valueOf(number.digits());
                case Json.Digits number when type == long.class || type == Long.class -> Long.valueOf(number.digits());
                case Json.Digits number when type == double.class -> Double.valueOf(number.digits());
                case Json.Digits number
                when type == OptionalInt.class -> OptionalInt.of(Integer.parseInt(number.digits()));
                case Json.Digits number
                when type == OptionalLong.class -> OptionalLong.of(Long.parseLong(number.digits()));
                case Json.Flag flag when type == boolean.class -> flag.value();
                default -> throw wrong(path, json, type);
            };
        } catch (IllegalArgumentException | DateTimeException notOne) {
            throw wrong(path, json, type, notOne);
        }
    }

    private static Object constant(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name));
    }

    private Object readGeneric(ParameterizedType type, Json json, String path) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] of = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return Optional.of(read(of[0], json, path));
        }
        if (raw == List.class) {
            return new ArrayList<>(items(of[0], json, path));
        }
        if (raw == Set.class) {
            return new LinkedHashSet<>(items(of[0], json, path));
        }
        if (raw == Map.class || raw == SortedMap.class) {
            if (!(json instanceof Json.Members members)) {
                throw wrong(path, json, raw);
            }
            Map<Object, Object> map = raw == Map.class ? new LinkedHashMap<>() : new TreeMap<>();
            members.values()
                    .forEach((name, value) ->
                            map.put(key((Class<?>) of[0], name, path), read(of[1], value, inner(path, name))));
            return map;
        }
        throw new IllegalArgumentException("Cannot read a " + type + ": a capsule has no form for it");
    }

    private Object key(Class<?> type, String name, String path) {
        boolean number = type == Long.class || type == Integer.class;
        return read(type, number ? new Json.Digits(name) : new Json.Word(name), path);
    }

    private List<Object> items(Type type, Json json, String path) {
        if (!(json instanceof Json.Array array)) {
            throw wrong(path, json, List.class);
        }
        List<Object> items = new ArrayList<>(array.items().size());
        for (Json item : array.items()) {
            items.add(read(type, item, inner(path, Integer.toString(items.size()))));
        }
        return items;
    }

    private Object readRecord(Class<?> type, Json json, String path) {
        Shape shape = Shape.of(type);
        try {
            if (shape.isText() && json instanceof Json.Word word) {
                return shape.make(new Object[] {word.value()});
            }
            if (!(json instanceof Json.Members members)) {
                throw wrong(path, json, type);
            }
            Map<String, Json> left = new LinkedHashMap<>(members.values());
            left.remove(ComponentForm.KIND);
            @Nullable Object[] values = new Object[shape.size()];
            for (int i = 0; i < values.length; i++) {
                Json value = left.remove(shape.name(i));
                if (value != null) {
                    values[i] = read(shape.type(i), value, inner(path, shape.name(i)));
                }
            }
            left.keySet().forEach(name -> unknown.accept(inner(path, name)));
            return made(shape, values, path);
        } catch (CodecException known) {
            throw known;
        } catch (IllegalArgumentException refused) {
            throw refused(path, refused);
        }
    }

    /** A record of these components; those that nobody wrote are {@code null}. */
    Object made(Shape shape, @Nullable Object[] values, String path) {
        try {
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null) {
                    values[i] = missing(shape, i, inner(path, shape.name(i)));
                }
            }
            return shape.make(values);
        } catch (CodecException known) {
            throw known;
        } catch (IllegalArgumentException refused) {
            throw refused(path, refused);
        }
    }

    CodecException refused(String path, IllegalArgumentException refused) {
        return new CodecException("Cannot read " + what + ", at '" + path + "': " + refused.getMessage(), refused);
    }

    /** An absent optional or collection is empty, whatever the default has: that is how it was written. An absent count is 0. */
    private Object missing(Shape shape, int component, String path) {
        Type type = shape.type(component);
        Class<?> raw = (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
        if (raw == Optional.class) {
            return Optional.empty();
        }
        if (raw == OptionalInt.class) {
            return OptionalInt.empty();
        }
        if (raw == OptionalLong.class) {
            return OptionalLong.empty();
        }
        return shape.standard(component).orElseGet(() -> empty(raw, path));
    }

    private Object empty(Class<?> raw, String path) {
        if (raw == List.class) {
            return List.of();
        }
        if (raw == Set.class) {
            return Set.of();
        }
        if (raw == Map.class) {
            return Map.of();
        }
        if (raw == SortedMap.class) {
            return new TreeMap<>();
        }
        if (raw == long.class || raw == int.class) {
            return raw == long.class ? (Object) 0L : (Object) 0;
        }
        return Optional.of(raw)
                .filter(Class::isRecord)
                .flatMap(type -> Shape.of(type).standard())
                .orElseThrow(() -> new CodecException("Cannot read " + what + ": '" + path + "' is missing"));
    }

    private Class<?> kind(Class<?> type, Json json, String path) {
        if (!(json instanceof Json.Members members
                && members.values().get(ComponentForm.KIND) instanceof Json.Word kind)) {
            throw new CodecException(
                    "Cannot read " + what + ": '" + path + "' does not say which " + type.getSimpleName() + " it is");
        }
        return kinds(type)
                .filter(one -> one.getSimpleName().equals(kind.value()))
                .findFirst()
                .orElseThrow(() -> new CodecException("Cannot read " + what + ": '" + path + "' is a "
                        + type.getSimpleName() + " of the unknown kind '" + Text.shown(kind.value()) + "'"));
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(Objects.requireNonNull(type.getPermittedSubclasses()))
                        .flatMap(ComponentReader::kinds)
                : Stream.of(type);
    }

    static String inner(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private CodecException wrong(String path, Json json, Class<?> type) {
        return new CodecException(sentence(path, json, type));
    }

    private CodecException wrong(String path, Json json, Class<?> type, Exception cause) {
        return new CodecException(sentence(path, json, type), cause);
    }

    private String sentence(String path, Json json, Class<?> type) {
        return "Cannot read " + what + ": '" + path + "' is " + json.shown() + ", which is no " + type.getSimpleName();
    }
}
