package io.respawn.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A service as it was declared.
 *
 * @param instances how many copies, 1 to 1000
 * @param signals what a command may send
 * @param output where its lines go
 * @param memory what it may use before it is restarted, if that is limited
 * @param schedule what happens to it because of the time
 * @param hooks what is done at the turns of its processes
 */
public record ServiceSpec(
        ServiceName name,
        Program program,
        int instances,
        Role role,
        Ties ties,
        StartPolicy start,
        RestartPolicy restart,
        StopPolicy stop,
        Probes probes,
        Set<Signal> signals,
        OutputPolicy output,
        Optional<MemoryLimit> memory,
        Schedule schedule,
        Hooks hooks) {

    /** As many copies as a service may have. */
    public static final int MOST_INSTANCES = 1000;

    public ServiceSpec {
        signals = Set.copyOf(signals);
        if (start.isAnnounced() && probes.startup().isPresent()) {
            throw new IllegalArgumentException(
                    "Cannot have '" + name + "' say that it is up and ask it as well: remove its startup probe");
        }
        if (instances < 1 || instances > MOST_INSTANCES) {
            throw new IllegalArgumentException(
                    "Cannot run " + instances + " instances of '" + name + "': 1 to 1000 are allowed");
        }
    }

    /** A service of which nothing more is said. */
    public ServiceSpec(
            ServiceName name,
            Program program,
            int instances,
            Role role,
            Ties ties,
            StartPolicy start,
            RestartPolicy restart,
            StopPolicy stop,
            Probes probes,
            Set<Signal> signals,
            OutputPolicy output) {
        this(
                name,
                program,
                instances,
                role,
                ties,
                start,
                restart,
                stop,
                probes,
                signals,
                output,
                Optional.empty(),
                Schedule.DEFAULT,
                Hooks.DEFAULT);
    }

    /** A service of which only name and command are said. */
    public static ServiceSpec of(ServiceName name, List<String> command) {
        return new ServiceSpec(
                name,
                new Program(command),
                1,
                Role.DEFAULT,
                Ties.NONE,
                StartPolicy.DEFAULT,
                RestartPolicy.DEFAULT,
                StopPolicy.DEFAULT,
                Probes.NONE,
                Set.copyOf(Signal.ALLOWED_BY_DEFAULT),
                OutputPolicy.DEFAULT);
    }

    /** Whether somebody looks after its processes once they are up. */
    public boolean isLookedAfter() {
        return !probes.isEmpty() || start.watchdog().isPresent();
    }

    public ServiceSpec with(Program next) {
        return new ServiceSpec(
                name, next, instances, role, ties, start, restart, stop, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec withInstances(int next) {
        return new ServiceSpec(
                name, program, next, role, ties, start, restart, stop, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(Role next) {
        return new ServiceSpec(
                name, program, instances, next, ties, start, restart, stop, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(Ties next) {
        return new ServiceSpec(
                name, program, instances, role, next, start, restart, stop, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(StartPolicy next) {
        return new ServiceSpec(
                name, program, instances, role, ties, next, restart, stop, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(RestartPolicy next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, next, stop, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(StopPolicy next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, restart, next, probes, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(Probes next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, restart, stop, next, signals, output, memory, schedule,
                hooks);
    }

    public ServiceSpec withSignals(Set<Signal> next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, restart, stop, probes, next, output, memory, schedule,
                hooks);
    }

    public ServiceSpec with(OutputPolicy next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, restart, stop, probes, signals, next, memory, schedule,
                hooks);
    }

    public ServiceSpec with(MemoryLimit next) {
        return new ServiceSpec(
                name,
                program,
                instances,
                role,
                ties,
                start,
                restart,
                stop,
                probes,
                signals,
                output,
                Optional.of(next),
                schedule,
                hooks);
    }

    public ServiceSpec with(Schedule next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, restart, stop, probes, signals, output, memory, next,
                hooks);
    }

    public ServiceSpec with(Hooks next) {
        return new ServiceSpec(
                name, program, instances, role, ties, start, restart, stop, probes, signals, output, memory, schedule,
                next);
    }
}
