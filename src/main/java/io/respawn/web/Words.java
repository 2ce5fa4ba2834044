package io.respawn.web;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns constants into the words of the API. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The only word, or how often each occurs: {@code 3 ready, 1 backing-off}. */
    static String summary(List<String> words) {
        Map<String, Long> counts =
                words.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        if (words.size() == 1) {
            return words.getFirst();
        }
        return counts.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
