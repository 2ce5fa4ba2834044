package io.respawn.core;

import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What another plan changes: which services come, go, are restarted, scaled or only treated otherwise, and the fields that
 * cause it. Only what a process cannot take up while it runs restarts it.
 *
 * @param services those that change, in the order of their names
 * @param sidecar keys that change beside the services; all of them are taken up at once
 * @param kept how many services stay as they are
 */
public record PlanDiff(List<Change> services, List<String> sidecar, int kept) {

    /** How many changes are told in words. */
    private static final int MOST_WORDS = 20;

    /** What becomes of a service; what was ordered by hand outlasts {@code autostart} and {@code instances}. */
    public enum Kind {
        START,
        STOP,
        RESTART,
        SCALE,
        UPDATE;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * A service that changes.
     *
     * @param fields the keys that cause it, with names and without values; none when all of it comes or goes
     */
    public record Change(ServiceName service, Kind kind, List<String> fields) {
        public Change {
            fields = List.copyOf(fields);
        }

        /** In words, such as {@code restart web (command)}. */
        public String words() {
            return kind.word() + " " + service + (fields.isEmpty() ? "" : " (" + String.join(", ", fields) + ")");
        }
    }

    public PlanDiff {
        services = List.copyOf(services);
        sidecar = List.copyOf(sidecar);
    }

    /** What the second plan changes of the first. */
    public static PlanDiff of(Plan before, Plan after) {
        TreeSet<ServiceName> names = new TreeSet<>(before.services().keySet());
        names.addAll(after.services().keySet());
        List<Change> changes = new ArrayList<>();
        int kept = 0;
        for (ServiceName name : names) {
            ServiceSpec old = before.services().get(name);
            ServiceSpec now = after.services().get(name);
            if (old == null) {
                changes.add(new Change(name, Kind.START, List.of()));
            } else if (now == null) {
                changes.add(new Change(name, Kind.STOP, List.of()));
            } else if (old.equals(now)) {
                kept++;
            } else {
                changes.add(change(old, now));
            }
        }
        return new PlanDiff(changes, sidecar(before, after), kept);
    }

    private static Change change(ServiceSpec before, ServiceSpec after) {
        List<SpecField> changed = SpecField.changed(before, after);
        Kind kind = Kind.UPDATE;
        // A job takes it up with its next run: to restart it would be to run it once more.
        if (changed.stream().anyMatch(SpecField::restarts) && !after.schedule().isJob()) {
            kind = Kind.RESTART;
        } else if (before.role().autostart() != after.role().autostart()) {
            kind = after.role().autostart() ? Kind.START : Kind.STOP;
        } else if (before.instances() != after.instances()) {
            kind = Kind.SCALE;
        }
        List<String> names = changed.stream()
                .flatMap(field -> field.names(before, after).stream())
                .toList();
        return new Change(after.name(), kind, names);
    }

    private static List<String> sidecar(Plan before, Plan after) {
        List<String> keys = new ArrayList<>();
        note(keys, "budget", before.budget(), after.budget());
        note(keys, "intents", before.intents(), after.intents());
        note(keys, "labels", before.labels(), after.labels());
        note(keys, "resources", before.sampling(), after.sampling());
        return keys;
    }

    private static void note(List<String> keys, String key, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            keys.add(key);
        }
    }

    public boolean isEmpty() {
        return services.isEmpty() && sidecar.isEmpty();
    }

    /** All of it in one line, without values. */
    public String words() {
        List<String> words = new ArrayList<>();
        services.stream().limit(MOST_WORDS).map(Change::words).forEach(words::add);
        if (services.size() > MOST_WORDS) {
            words.add((services.size() - MOST_WORDS) + " more");
        }
        if (!sidecar.isEmpty()) {
            words.add("update " + String.join(", ", sidecar));
        }
        words.add("keep " + kept);
        return String.join("; ", words);
    }
}
