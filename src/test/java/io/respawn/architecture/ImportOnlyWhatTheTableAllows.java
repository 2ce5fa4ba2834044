package io.respawn.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** Compares each dependency of a class with the row of its package. */
final class ImportOnlyWhatTheTableAllows extends ArchCondition<JavaClass> {

    /** Compile-time annotations that leave no trace in behaviour. */
    private static final Set<String> EVERYWHERE =
            Set.of("org.jspecify.annotations", "com.google.errorprone.annotations");

    /** Parts of the JDK that need a row's word: the rest of {@code java.} is open to all. */
    private static final Set<String> RATIONED = Set.of("java.lang.foreign", "java.net.http");

    private final String root;

    ImportOnlyWhatTheTableAllows(String root) {
        super("import only what the row of their package allows");
        this.root = root;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        var name = below(type.getPackageName());
        var row = PackageTable.row(name);
        if (row.isEmpty()) {
            var message =
                    "Cannot place %s: package %s has no row in PackageTable; put the class into a package that has"
                            + " one, or give it a row";
            events.add(SimpleConditionEvent.violated(type, message.formatted(type.getName(), name)));
            return;
        }
        type.getDirectDependenciesFromSelf().stream()
                .filter(dependency ->
                        !isAllowed(row.get(), dependency.getTargetClass().getBaseComponentType()))
                .forEach(dependency -> events.add(violation(row.get(), dependency)));
    }

    private boolean isAllowed(Row row, JavaClass imported) {
        var its = imported.getPackageName();
        if (imported.isPrimitive()) {
            return true;
        }
        if (its.equals(root) || its.startsWith(root + ".")) {
            return row.allowsOurs(below(its));
        }
        if (its.startsWith("java.") && RATIONED.stream().noneMatch(its::startsWith)) {
            return true;
        }
        return EVERYWHERE.contains(its) || row.allowsOthers(imported.getName());
    }

    private ConditionEvent violation(Row row, Dependency dependency) {
        var message = "Cannot import %s in package %s: %s. %s";
        return SimpleConditionEvent.violated(
                dependency,
                message.formatted(
                        dependency.getTargetClass().getName(), row.name(), row.wayOut(), dependency.getDescription()));
    }

    private String below(String packageName) {
        return packageName.equals(root) ? "" : packageName.substring(root.length() + 1);
    }
}
