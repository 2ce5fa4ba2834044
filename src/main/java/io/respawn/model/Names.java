package io.respawn.model;

import java.util.regex.Pattern;

/** Holds the two grammars that all names obey, so that every message about a bad name reads the same. */
final class Names {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final Pattern INTENT = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");

    private Names() {}

    static String name(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(value) + "' as " + what
                    + ": 1 to 63 characters of a-z, 0-9, '.' and '-' are allowed, a letter or digit first and last");
        }
        return value;
    }

    static String intent(String value) {
        if (!INTENT.matcher(value).matches()) {
            throw new IllegalArgumentException("Cannot use '" + Text.shown(value)
                    + "' as intent id: 1 to 128 characters of A-Z, a-z, 0-9 and ._:/- are allowed");
        }
        return value;
    }
}
