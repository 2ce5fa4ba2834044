package io.respawn.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the fields of one map of the configuration; what cannot be read becomes a mistake at the field's path. */
record Fields(String path, Mistakes mistakes) {

    <T> Optional<T> read(String field, String text, Function<String, T> parser) {
        return mistakes.attempt(Paths.join(path, field), () -> parser.apply(text));
    }

    <T> Optional<T> readElement(String field, int index, String text, Function<String, T> parser) {
        return mistakes.attempt(Paths.element(Paths.join(path, field), index), () -> parser.apply(text));
    }

    /** Flat properties have no empty list; one empty element stands for it. */
    static boolean standsForNone(List<String> texts) {
        return texts.equals(List.of(""));
    }
}
