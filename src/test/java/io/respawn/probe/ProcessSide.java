package io.respawn.probe;

import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Probes;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.process.ChildOutput;
import io.respawn.process.ChildProcesses;
import io.respawn.process.OutputPolicies;
import io.respawn.process.SteadyClock;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.Statistics;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The part of the sidecar that has children and sweeps up orphans, running for real beside the prober. */
final class ProcessSide implements AutoCloseable {

    static final ServiceName WEB = new ServiceName("web");

    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final Reactor reactor = new Reactor(errors::add);
    private final ChildOutput output;
    private final ChildProcesses children;
    private final Thread loop = new Thread(reactor::run, "test-loop");

    ProcessSide() {
        Statistics statistics = new Statistics();
        output = new ChildOutput(
                Optional.empty(),
                OutputStream.nullOutputStream(),
                new Plain(),
                new SteadyClock(),
                statistics,
                event -> {});
        Map<String, String> own = new HashMap<>(System.getenv());
        own.put("RESPAWN_STATE_DIRECTORY", "/run/not-for-children");
        children = new ChildProcesses(
                new SidecarId("probe-it"),
                reactor,
                event -> {},
                note -> {},
                output,
                statistics,
                Path.of("").toAbsolutePath(),
                own,
                spec -> Map.of());
        loop.start();
    }

    Attendants attendants() {
        return children.attendants();
    }

    static ServiceSpec spec(Probes probes) {
        return spec(probes, Optional.empty(), Map.of());
    }

    static ServiceSpec spec(Probes probes, Optional<String> directory, Map<String, String> environment) {
        return ServiceSpec.of(WEB, List.of("/srv/web"))
                .with(new Program(List.of("/srv/web"), directory, environment))
                .with(probes);
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        reactor.execute(() -> {
            children.close();
            closed.complete(null);
        });
        closed.join();
        reactor.stop();
        try {
            loop.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        reactor.close();
        output.close();
        if (!errors.isEmpty()) {
            throw new AssertionError("The loop reported " + errors, errors.peek());
        }
    }

    private record Plain() implements OutputPolicies {
        @Override
        public String label(InstanceId instance) {
            return instance.toString();
        }

        @Override
        public OutputPolicy policy(InstanceId instance) {
            return OutputPolicy.DEFAULT;
        }
    }
}
