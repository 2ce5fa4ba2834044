package io.respawn.process;

import static io.respawn.process.Rig.instance;

import io.respawn.core.Event.Found;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.model.OutputPolicy;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A sidecar to be killed again and again: takes over the service it finds, or starts it, and keeps its lines in a file. */
final class LogKeeper {

    static final OutputPolicy POLICY = new OutputPolicy(
            OutputPolicy.Console.NONE,
            Optional.of(new OutputPolicy.File(Optional.empty(), 1024 * 1024, Optional.empty(), 1000, true)));

    private LogKeeper() {}

    /** Arguments: sidecar id, state directory, command. */
    public static void main(String... arguments) throws Exception {
        var rig = new Rig(arguments[0], Path.of(arguments[1]), OutputStream.nullOutputStream(), POLICY);
        List<Found> found = rig.ask(() -> rig.children.recover(List.of()));
        if (found.isEmpty()) {
            String[] command = Arrays.copyOfRange(arguments, 2, arguments.length);
            rig.spawn(Rig.with(Rig.spec("web", command), POLICY), instance("web"), 1, Optional.empty());
            rig.await(ProcessSpawned.class, any -> true);
        } else {
            takeOver(rig, found.getFirst());
        }
        System.out.println("ready " + found.size());
        Thread.currentThread().join();
    }

    static void takeOver(Rig rig, Found found) {
        rig.onLoop(() -> rig.children.adopt(found.instance(), found.incarnation(), found.process()));
    }
}
