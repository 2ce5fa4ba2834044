package io.respawn.app;

import io.respawn.config.Settings;
import io.respawn.core.Machine;
import io.respawn.linux.Reactor;
import io.respawn.model.Plan;
import io.respawn.probe.NotifySocket;
import io.respawn.probe.ServiceProber;
import io.respawn.process.BootTimers;
import io.respawn.process.ChildOutput;
import io.respawn.process.ChildProcesses;
import io.respawn.process.ResourceSampler;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Members;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervisor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the core consists of, for those who bring it to rest or take it up. */
record Parts(
        InForce inForce,
        Memory memory,
        SteadyClock clock,
        Reactor reactor,
        Supervisor supervisor,
        ChildOutput output,
        ChildProcesses processes,
        NotifySocket socket,
        ServiceProber prober,
        BootTimers timers,
        ResourceSampler sampler,
        Statistics statistics) {

    Plan plan() {
        return inForce.plan();
    }

    Settings settings() {
        return inForce.settings();
    }

    /** Makes them; nothing runs yet but the reader of output, and the sampler, which waits for the loop. {@code members} is asked once there are any. */
    static Parts of(
            InForce inForce,
            Memory memory,
            SteadyClock clock,
            Statistics statistics,
            EventSink events,
            Supplier<Members> members,
            Consumer<Throwable> failures) {
        Reactor reactor = new Reactor(failures);
        Supervisor supervisor = new Supervisor(
                new Machine(inForce.settings().restoreWait(), inForce.settings().shutdownTimeout()),
                memory.state(),
                reactor,
                reactor::lastBeat,
                statistics);
        ChildOutput output = new ChildOutput(
                memory.directory(),
                new FileOutputStream(FileDescriptor.out),
                new PlannedOutput(inForce::plan),
                clock,
                statistics,
                events);
        NotifySocket socket = NotifySocket.of(inForce::plan, memory.directory(), members, events, statistics);
        ChildProcesses processes = new ChildProcesses(
                inForce.plan().id(),
                reactor,
                events,
                memory.spawnLog(),
                output,
                statistics,
                Path.of("").toAbsolutePath(),
                System.getenv(),
                socket);
        ServiceProber prober = new ServiceProber(events, processes.attendants(), statistics, socket);
        BootTimers timers = new BootTimers(reactor, clock, events);
        ResourceSampler sampler = new ResourceSampler(processes, reactor, inForce::plan, events, statistics, clock);
        return new Parts(
                inForce,
                memory,
                clock,
                reactor,
                supervisor,
                output,
                processes,
                socket,
                prober,
                timers,
                sampler,
                statistics);
    }
}
