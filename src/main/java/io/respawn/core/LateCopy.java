package io.respawn.core;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A map of which a copy costs nothing until one of the two is changed: one is made for every step, and few change it. */
final class LateCopy<K, V> extends AbstractMap<K, V> {

    private Map<K, V> content;
    private boolean shared;

    LateCopy() {
        this(new LinkedHashMap<>(), false);
    }

    private LateCopy(Map<K, V> content, boolean shared) {
        this.content = content;
        this.shared = shared;
    }

    LateCopy<K, V> copy() {
        shared = true;
        return new LateCopy<>(content, true);
    }

    @Override
    public @Nullable V put(K key, V value) {
        return own().put(key, value);
    }

    @Override
    public @Nullable V remove(Object key) {
        return content.containsKey(key) ? own().remove(key) : null;
    }

    @Override
    public @Nullable V get(Object key) {
        return content.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return content.containsKey(key);
    }

    /** To look at only. */
    @Override
    public Set<Entry<K, V>> entrySet() {
        return Collections.unmodifiableMap(content).entrySet();
    }

    private Map<K, V> own() {
        if (shared) {
            content = new LinkedHashMap<>(content);
            shared = false;
        }
        return content;
    }
}
