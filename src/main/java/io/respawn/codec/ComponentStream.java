package io.respawn.codec;

import com.fasterxml.jackson.core.JsonToken;
import io.respawn.model.Text;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record while it is being read, field by field and item by item: of a large capsule no more is in memory than what
 * becomes of it. What is small, or says only inside what it is, is read as a whole by {@link ComponentReader}.
 */
final class ComponentStream {

    private final String what;
    private final Consumer<String> unknown;
    private final ComponentReader whole;
    private final JsonReader json;

    ComponentStream(String what, Consumer<String> unknown, ComponentReader whole, JsonReader json) {
        this.what = what;
        this.unknown = unknown;
        this.whole = whole;
        this.json = json;
    }

    /** The value that begins here. */
    Object read(Type type, String path) throws IOException {
        if (json.token() == JsonToken.START_OBJECT
                && type instanceof Class<?> plain
                && plain.isRecord()
                && !Shape.of(plain).isText()) {
            return readRecord(Shape.of(plain), path);
        }
        if (json.token() == JsonToken.START_ARRAY
                && type instanceof ParameterizedType generic
                && generic.getRawType() == List.class) {
            return readItems(generic.getActualTypeArguments()[0], path);
        }
        return whole.read(type, json.value(), path);
    }

    private List<Object> readItems(Type type, String path) throws IOException {
        List<Object> items = new ArrayList<>();
        while (json.next() != JsonToken.END_ARRAY) {
            items.add(read(type, ComponentReader.inner(path, Integer.toString(items.size()))));
        }
        return items;
    }

    private Object readRecord(Shape shape, String path) throws IOException {
        @Nullable Object[] values = new Object[shape.size()];
        Set<String> seen = new HashSet<>();
        try {
            while (json.next() != JsonToken.END_OBJECT) {
                String name = json.name();
                if (!seen.add(name)) {
                    throw new CodecException("Cannot read " + what + ": the field '" + Text.shown(name)
                            + "' is there twice; send it once");
                }
                json.next();
                readField(shape, values, name, ComponentReader.inner(path, name));
            }
        } catch (CodecException known) {
            throw known;
        } catch (IllegalArgumentException refused) {
            throw whole.refused(path, refused);
        }
        return whole.made(shape, values, path);
    }

    private void readField(Shape shape, @Nullable Object[] values, String name, String path) throws IOException {
        int component = shape.component(name);
        if (component >= 0) {
            values[component] = read(shape.type(component), path);
            return;
        }
        json.skip();
        if (!name.equals(ComponentForm.KIND)) {
            unknown.accept(path);
        }
    }
}
