package io.respawn.app;

/** Tells whether {@code quarkus:dev} owns this JVM: it reloads the program in place and ends it by itself. */
final class DevMode {

    /** Set by the build for {@code quarkus:dev}: the framework itself tells its mode only after it was started. */
    private static final String PROPERTY = "io.respawn.development";

    private DevMode() {}

    static boolean isOn() {
        return Boolean.getBoolean(PROPERTY);
    }

    /** Whether the JVM is on its way out; a reload is not. */
    static boolean isJvmEnding() {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
