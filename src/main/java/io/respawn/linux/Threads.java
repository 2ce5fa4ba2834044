package io.respawn.linux;

/** Keeps calls that wait, or that change the calling thread, off virtual threads. */
final class Threads {

    private Threads() {}

    static void requirePlatform(String what) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("Cannot " + what
                    + " on a virtual thread, as it would hold or change its carrier; use a platform thread");
        }
    }
}
