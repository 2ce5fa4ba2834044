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
import io.respawn.process.SteadyClock;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Members;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervisor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the core consists of, for those who bring it to rest or take it up. */
record Parts(
        Plan plan,
        Settings settings,
        Map<String, String> frameworkProperties,
        Memory memory,
        SteadyClock clock,
        Reactor reactor,
        Supervisor supervisor,
        ChildOutput output,
        ChildProcesses processes,
        NotifySocket socket,
        ServiceProber prober,
        BootTimers timers,
        Statistics statistics) {
    /** Makes them; nothing runs yet but the reader of output. {@code members} is asked once there are any. */
    static Parts of(
            Plan plan,
            Settings settings,
            Map<String, String> frameworkProperties,
            Memory memory,
            SteadyClock clock,
            Statistics statistics,
            EventSink events,
            Supplier<Members> members,
            Consumer<Throwable> failures) {
        Reactor reactor = new Reactor(failures);
        Supervisor supervisor = new Supervisor(
                new Machine(settings.restoreWait(), settings.shutdownTimeout()),
                memory.state(),
                reactor,
                reactor::lastBeat,
                statistics);
        ChildOutput output = new ChildOutput(
                memory.directory(),
                new FileOutputStream(FileDescriptor.out),
                new PlannedOutput(plan),
                clock,
                statistics);
        NotifySocket socket = NotifySocket.of(plan, memory.directory(), members, events, statistics);
        ChildProcesses processes = new ChildProcesses(
                plan.id(),
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
        return new Parts(
                plan,
                settings,
                frameworkProperties,
                memory,
                clock,
                reactor,
                supervisor,
                output,
                processes,
                socket,
                prober,
                timers,
                statistics);
    }
}
