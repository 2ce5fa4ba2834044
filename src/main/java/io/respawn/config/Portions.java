package io.respawn.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Divides the properties of a file into portions of a few services each. The configuration library looks through all names
 * that it is given for every optional part of every service, which takes longer than anything else with many services.
 */
final class Portions {

    static final String SERVICES = "respawn.services.";

    /** Each portion has its own price too. */
    private static final int SERVICES_AT_ONCE = 40;

    private Portions() {}

    /**
     * At least one portion; what is not about services is in the first.
     *
     * @param mixed whether something else may speak of the same services, so that only the whole makes sense
     */
    static List<Map<String, String>> of(Map<String, String> properties, BooleanSupplier mixed) {
        List<Map<String, String>> portions = new ArrayList<>();
        Map<String, String> general = new HashMap<>();
        Map<String, String> portion = general;
        Set<String> here = new HashSet<>();
        Map<String, Map<String, String>> homes = new HashMap<>();
        portions.add(general);
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String name = property.getKey();
            if (!name.startsWith(SERVICES)) {
                if (name.contains(SERVICES)) {
                    return List.of(properties);
                }
                general.put(name, property.getValue());
                continue;
            }
            String service = service(name);
            Map<String, String> home = homes.get(service);
            if (home == null) {
                if (here.size() == SERVICES_AT_ONCE) {
                    portion = new HashMap<>();
                    portions.add(portion);
                    here.clear();
                }
                here.add(service);
                homes.put(service, portion);
                home = portion;
            }
            home.put(name, property.getValue());
        }
        return portions.size() > 1 && mixed.getAsBoolean() ? List.of(properties) : portions;
    }

    /** What stands between the prefix and the next level; names with dots stand in quotes. */
    private static String service(String property) {
        int from = SERVICES.length();
        int end = property.startsWith("\"", from) ? property.indexOf('"', from + 1) + 1 : property.indexOf('.', from);
        return end <= from ? property.substring(from) : property.substring(from, end);
    }
}
