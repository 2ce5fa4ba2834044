package io.respawn.app;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.respawn.cli.Cli;
import io.respawn.cli.Exit;

/** The program's entry: client verbs are answered without the framework, {@code run} becomes the sidecar. */
@QuarkusMain
public final class Main {

    Main() {}

    /** Ends the JVM with the exit code, except where a development mode owns it. */
    public static void main(String... arguments) {
        SidecarProcess sidecar = new SidecarProcess();
        String[] line = DevMode.isOn() && arguments.length == 0 ? new String[] {"run"} : arguments;
        int exitCode = Cli.run(line, sidecar);
        if (!DevMode.isOn()) {
            System.exit(exitCode);
        }
        if (exitCode != Exit.DONE) {
            // A development mode waits for the framework, or for this.
            throw new IllegalStateException("Cannot run, for the reason that was told; exit code " + exitCode);
        }
    }
}
