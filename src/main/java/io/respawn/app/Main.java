package io.respawn.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the sidecar or hands a client verb to the command line. */
@QuarkusMain
public final class Main {

    Main() {}

    /**
     * Boots the framework for the verb {@code run}.
     *
     * @param arguments the command line
     */
    public static void main(String... arguments) {
        Quarkus.run(arguments);
    }
}
