package io.respawn.config;

import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Optional;

/** Knows the key that a member of the mapping is for. */
final class Keys {

    private Keys() {}

    static String of(Method member) {
        return Optional.ofNullable(member.getAnnotation(WithName.class))
                .map(WithName::value)
                .orElseGet(() -> member.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }
}
