package io.respawn.model;

/** Holds the two grammars that all names obey, so that every message about a bad name reads the same. */
final class Names {

    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_INTENT = 128;

    private Names() {}

    static String name(String what, String value) {
        if (!isName(value)) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(value) + "' as " + what
                    + ": 1 to 63 characters of a-z, 0-9, '.' and '-' are allowed, a letter or digit first and last");
        }
        return value;
    }

    static String intent(String value) {
        if (!isIntent(value)) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(value)
                    + "' as intent id: 1 to 128 characters of A-Z, a-z, 0-9 and ._:/- are allowed");
        }
        return value;
    }

    // Without regular expressions: each order passes here many times, and they took a tenth of its way.

    private static boolean isName(String value) {
        int length = value.length();
        if (length == 0
                || length > LONGEST_NAME
                || !isSmallLetterOrDigit(value.charAt(0))
                || !isSmallLetterOrDigit(value.charAt(length - 1))) {
            return false;
        }
        for (int i = 1; i < length - 1; i++) {
            char c = value.charAt(i);
            if (!isSmallLetterOrDigit(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isIntent(String value) {
        int length = value.length();
        if (length == 0 || length > LONGEST_INTENT) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (!isSmallLetterOrDigit(c) && !(c >= 'A' && c <= 'Z') && "._:/-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSmallLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
