package io.respawn.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the key that somebody may have meant. */
final class Spelling {

    private Spelling() {}

    /** The nearest of the known words, when it is near enough to be worth a question. */
    static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > 64) {
            return Optional.empty();
        }
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(k -> distance(plain(word), plain(k))))
                .filter(k -> distance(plain(word), plain(k)) <= Math.max(1, k.length() / 3));
    }

    /** Case and separators are what people mix up most: they cost nothing. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** How many letters must be added, dropped or exchanged to get from one to the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
