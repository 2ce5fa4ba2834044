package io.respawn.process;

import io.respawn.linux.Executables;
import io.respawn.linux.LinuxException;
import io.respawn.linux.ProcessSetup;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.SpawnResult;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Attendants;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives attendants the set-up of mains, and keeps orphan sweeps and burials away from them. */
final class OwnAttendants implements Attendants {

    private final ChildEnvironment environment;
    private final Path ownDirectory;
    private final Set<Integer> ownPids;

    OwnAttendants(ChildEnvironment environment, Path ownDirectory, Set<Integer> ownPids) {
        this.environment = environment;
        this.ownDirectory = ownDirectory.toAbsolutePath().normalize();
        this.ownPids = ownPids;
    }

    @Override
    public Start start(Errand errand) {
        return switch (attempt(errand)) {
            case Failed failed -> new Start.Failed(failed.words(), failed.stage() == Stage.RESOURCES);
            case Spawned born -> new Start.Begun(born.pid(), born.pidfd().fd());
        };
    }

    private SpawnResult attempt(Errand errand) {
        try {
            return spawn(errand);
        } catch (UnusableSetup unusable) {
            return unusable.asFailed();
        } catch (LinuxException failed) {
            return new Failed(
                    failed.errno().isShortage() ? Stage.RESOURCES : Stage.OTHER,
                    failed.errno(),
                    "Cannot run " + errand.command().getFirst() + ": " + failed.getMessage());
        }
    }

    private SpawnResult spawn(Errand errand) {
        ServiceSpec spec = errand.spec();
        Tags tags = new Tags(errand.instance(), errand.incarnation(), Optional.empty(), true);
        List<String> variables = environment.of(spec, tags, errand.variables(), ownDirectory);
        ProcessSetup setup = Setups.of(spec.name(), spec.program().setting());
        Path directory =
                spec.program().workingDirectory().map(ownDirectory::resolve).orElse(ownDirectory);
        return switch (Executables.find(errand.command().getFirst(), variables, directory)) {
            case Executables.Resolution.Missing(Failed failure) -> failure;
            case Executables.Resolution.Found(Path executable) ->
                Spawn.spawn(
                        new SpawnRequest(
                                executable,
                                errand.command(),
                                variables,
                                directory,
                                new Stream.Discarded(),
                                new Stream.Discarded(),
                                setup),
                        born -> add(born.pid()));
        };
    }

    @Override
    public void add(int pid) {
        ownPids.add(pid);
    }

    @Override
    public void remove(int pid) {
        ownPids.remove(pid);
    }
}
