package io.respawn.app;

import io.quarkus.runtime.LaunchMode;

/** Tells whether {@code quarkus:dev} owns this JVM: it reloads the program in place and ends it by itself. */
final class DevMode {

    private DevMode() {}

    static boolean isOn() {
        return LaunchMode.current() == LaunchMode.DEVELOPMENT;
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
