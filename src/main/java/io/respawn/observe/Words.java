package io.respawn.observe;

import java.util.Locale;

/** Turns constants into the words of health and metrics. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
