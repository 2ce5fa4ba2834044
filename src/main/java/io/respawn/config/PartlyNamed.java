package io.respawn.config;

import io.smallrye.config.common.AbstractConfigSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows all of its properties, so that expressions find them, and lists a part of their names. */
final class PartlyNamed extends AbstractConfigSource {

    private final Map<String, String> properties;
    private final Set<String> listed;

    PartlyNamed(Map<String, String> properties, Set<String> listed, String name, int ordinal) {
        super(name, ordinal);
        this.properties = properties;
        this.listed = new HashSet<>(listed);
        this.listed.retainAll(properties.keySet());
    }

    @Override
    public Set<String> getPropertyNames() {
        return listed;
    }

    @Override
    public @Nullable String getValue(String property) {
        return properties.get(property);
    }
}
