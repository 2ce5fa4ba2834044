package io.respawn.architecture;

import java.util.Set;

/**
 * One row of the package table.
 *
 * @param name the package below the root
 * @param ours the packages of ours that it may import
 * @param others prefixes of third-party packages, or names of classes, that it may import
 * @param wayOut what to do instead of importing something else
 */
record Row(String name, Set<String> ours, Set<String> others, String wayOut) {

    boolean allowsOurs(String imported) {
        return imported.equals(name) || ours.contains(imported) || ours.contains("*");
    }

    boolean allowsOthers(String imported) {
        return others.stream()
                .anyMatch(prefix -> prefix.equals("*") || imported.equals(prefix) || imported.startsWith(prefix + "."));
    }
}
