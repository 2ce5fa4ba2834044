package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Attendants;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives attendants the surroundings of mains, and keeps orphan sweeps and burials away from them. */
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
    public List<String> environment(ServiceSpec spec, InstanceId instance, long incarnation) {
        return environment.of(spec, new Tags(instance, incarnation, Optional.empty(), true), ownDirectory);
    }

    @Override
    public Path directory(ServiceSpec spec) {
        return spec.program().workingDirectory().map(ownDirectory::resolve).orElse(ownDirectory);
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
