package io.respawn.process;

import io.respawn.core.Event.ProcessSpawned;
import java.nio.file.Path;

/** A sidecar to be killed: starts one service with the shell script it is given, says which process it is, and waits. */
final class Predecessor {

    private Predecessor() {}

    /** Arguments: sidecar id, state directory, script. */
    public static void main(String... arguments) throws Exception {
        var rig = new Rig(arguments[0], Path.of(arguments[1]));
        rig.spawn(Rig.shell("web", arguments[2]), Rig.instance("web"), 3, java.util.Optional.empty());
        var process = rig.await(ProcessSpawned.class, any -> true).process();
        System.out.println("started " + process.pid() + " " + process.startTicks());
        Thread.currentThread().join();
    }
}
