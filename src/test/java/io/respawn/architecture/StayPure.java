package io.respawn.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** Finds the parts of the JDK that read the world: the table bars third-party ones already. */
final class StayPure extends ArchCondition<JavaClass> {

    private static final Set<String> IMPURE_PACKAGES = Set.of(
            "java.io",
            "java.net",
            "java.nio.channels",
            "java.nio.file",
            "java.util.concurrent",
            "java.util.logging",
            "java.util.random");

    private static final Set<String> IMPURE_TYPES = Set.of(
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.System$Logger",
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.security.SecureRandom",
            "java.time.Clock",
            "java.time.InstantSource",
            "java.util.Random",
            "java.util.Timer");

    /** Memory only: a codec writes to bytes, and the streaming parser declares their exceptions. */
    private static final Set<String> IN_MEMORY = Set.of(
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.IOException",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.StringWriter",
            "java.io.UncheckedIOException",
            "java.io.Writer");

    /** A unit of measure that happens to live among the threads. */
    private static final String TIME_UNIT = "java.util.concurrent.TimeUnit";

    private final String codec;

    StayPure(String root) {
        super("stay pure");
        this.codec = root + ".codec";
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> isImpure(type, dependency.getTargetClass().getBaseComponentType()))
                .forEach(dependency ->
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
        type.getAccessesFromSelf().stream()
                .filter(StayPure::readsTheWorld)
                .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
    }

    private boolean isImpure(JavaClass from, JavaClass used) {
        var name = used.getName();
        if (name.equals(TIME_UNIT) || (from.getPackageName().equals(codec) && IN_MEMORY.contains(name))) {
            return false;
        }
        return IMPURE_TYPES.contains(name)
                || IMPURE_PACKAGES.stream()
                        .anyMatch(impure -> used.getPackageName().equals(impure)
                                || used.getPackageName().startsWith(impure + "."));
    }

    /** {@code now()} in all its forms, random ids, and all of {@code System} but copying an array. */
    private static boolean readsTheWorld(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        var member = access.getName();
        return (owner.getPackageName().startsWith("java.time") && member.equals("now"))
                || (owner.getName().equals("java.lang.System") && !member.equals("arraycopy"))
                || (owner.getName().equals("java.lang.Math") && member.equals("random"))
                || (owner.getName().equals("java.util.UUID") && member.equals("randomUUID"));
    }
}
