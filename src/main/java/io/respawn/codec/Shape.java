package io.respawn.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a record consists of, looked up once. */
final class Shape {

    private static final String DEFAULT = "DEFAULT";

    private static final ClassValue<Shape> KNOWN = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    private final RecordComponent[] components;
    private final Constructor<?> constructor;
    private final boolean several;
    private final @Nullable Object standard;

    /** Of a record's class. */
    static Shape of(Class<?> type) {
        return KNOWN.get(type);
    }

    private Shape(Class<?> type) {
        components = Objects.requireNonNull(type.getRecordComponents(), () -> type + " is no record");
        several = Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
            standard = standard(type);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("Cannot look into " + type, impossible);
        }
    }

    private static @Nullable Object standard(Class<?> type) throws IllegalAccessException {
        for (Field field : type.getDeclaredFields()) {
            if (DEFAULT.equals(field.getName()) && type.equals(field.getType())) {
                field.setAccessible(true);
                return field.get(null);
            }
        }
        return null;
    }

    int size() {
        return components.length;
    }

    String name(int component) {
        return components[component].getName();
    }

    /** Which component has the name; less than 0 if none has. */
    int component(String name) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    Type type(int component) {
        return components[component].getGenericType();
    }

    /** Nothing but a text, such as a name. */
    boolean isText() {
        return components.length == 1 && !several && components[0].getType() == String.class;
    }

    /** Whether it stands where another record could stand as well. */
    boolean isOneKindOfSeveral() {
        return several;
    }

    Object value(Record record, int component) {
        try {
            return Objects.requireNonNull(components[component].getAccessor().invoke(record));
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("Cannot read " + components[component], impossible);
        }
    }

    /** The record's {@code DEFAULT}, if it has one. */
    Optional<Object> standard() {
        return Optional.ofNullable(standard);
    }

    /** What a component is when nobody says. */
    Optional<Object> standard(int component) {
        return standard().map(record -> value((Record) record, component));
    }

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException when the values are not allowed
     */
    Object make(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException("Cannot make one by " + constructor, refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("Cannot make one by " + constructor, impossible);
        }
    }
}
