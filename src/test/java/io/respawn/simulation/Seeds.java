package io.respawn.simulation;

/** Which histories are lived through. */
final class Seeds {

    private Seeds() {}

    /**
     * The first seed. A build takes the same ones each time, so that its verdict is about the code and not about luck; a
     * longer run, asked for by this property, draws new ones.
     */
    static long first(String property) {
        return System.getProperty(property) == null ? 1 : System.nanoTime();
    }
}
