package io.respawn.app;

import io.respawn.linux.BootClock;
import org.jboss.logging.Logger;

/**
 * Prepares on threads of its own what every sidecar needs in a moment: the log, whose library looks into each jar for its
 * settings, and the calls of the C library. Together they take a tenth of a second, which services would wait for; whoever
 * needs them earlier waits for the rest.
 */
final class Forerunner {

    private Forerunner() {}

    static void begin() {
        begin("log", () -> Logger.getLogger(Forerunner.class));
        begin("calls", BootClock::nanos);
    }

    private static void begin(String what, Runnable preparation) {
        Thread.ofPlatform().daemon().name("respawn-" + what + "-forerunner").start(preparation);
    }
}
