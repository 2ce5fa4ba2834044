package io.respawn.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Collects mistakes, one a path: what follows from the first one at a place is not worth telling. */
final class Mistakes {

    private final Map<String, String> found = new LinkedHashMap<>();
    private final Set<String> followUps = new HashSet<>();

    void add(String path, String message) {
        if (!followUps.contains(path)) {
            found.putIfAbsent(path, message);
        }
    }

    /** What will be wrong at the path follows from a mistake that was told already, such as a misspelled key. */
    void expect(String path) {
        followUps.add(path);
    }

    int count() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Whether there is one at the path or below it. */
    boolean concern(String path) {
        return found.keySet().stream().anyMatch(p -> Paths.isAtOrBelow(p, path));
    }

    /** The value, or a mistake at the path when the vocabulary refuses it. */
    <T> Optional<T> attempt(String path, Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException e) {
            add(path, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    List<Mistake> list(Function<String, String> origin) {
        List<Mistake> list = new ArrayList<>();
        found.forEach((path, message) -> list.add(new Mistake(path, origin.apply(path), message)));
        return list;
    }
}
