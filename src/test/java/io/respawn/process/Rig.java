package io.respawn.process;

import io.respawn.core.Event;
import io.respawn.core.Event.Noted;
import io.respawn.core.Event.ProcessExited;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ReadyLine;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.Statistics;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Runs the real thing, a loop with children and their output, and collects what it tells. */
final class Rig implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    final SidecarId sidecar;
    final Statistics statistics = new Statistics();
    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final Queue<Noted> noted = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    final Reactor reactor = new Reactor(errors::add);
    final ChildOutput output;
    final ChildProcesses children;
    private final Thread loop = new Thread(reactor::run, "test-loop");

    Rig(String id, Path directory) {
        this(id, directory, OutputStream.nullOutputStream());
    }

    Rig(String id, Path directory, OutputStream console) {
        this(id, directory, console, OutputPolicy.DEFAULT);
    }

    Rig(String id, Path directory, OutputStream console, OutputPolicy adopted) {
        this(id, directory, console, spec("any", "any").with(adopted));
    }

    /** With a declaration for what is adopted; what is started brings its own. */
    Rig(String id, Path directory, OutputStream console, ServiceSpec adopted) {
        this.sidecar = new SidecarId(id);
        this.output = new ChildOutput(
                Optional.of(directory), console, policies(adopted), new SteadyClock(), statistics, events::add);
        Map<String, String> own = new HashMap<>(System.getenv());
        own.put("NOTIFY_SOCKET", "/run/not-for-children");
        own.put("WATCHDOG_PID", "1");
        own.put("WATCHDOG_USEC", "1000000");
        own.put("MAINPID", "1");
        own.put("RESPAWN_STATE_DIRECTORY", "/run/not-for-children");
        this.children = new ChildProcesses(
                sidecar, reactor, events::add, noted::add, output, statistics, directory, own, spec -> Map.of());
        loop.start();
    }

    static OutputPolicies policies(OutputPolicy adopted) {
        return policies(spec("any", "any").with(adopted));
    }

    static OutputPolicies policies(ServiceSpec adopted) {
        return new OutputPolicies() {
            @Override
            public String label(InstanceId instance) {
                return instance.toString();
            }

            @Override
            public OutputPolicy policy(InstanceId instance) {
                return adopted.output();
            }

            @Override
            public Optional<ReadyLine> readyLine(InstanceId instance) {
                return adopted.start().readyLine();
            }
        };
    }

    static InstanceId instance(String service) {
        return new InstanceId(new ServiceName(service), 0);
    }

    static ServiceSpec spec(String service, String... command) {
        return ServiceSpec.of(new ServiceName(service), List.of(command));
    }

    static ServiceSpec shell(String service, String script) {
        return spec(service, "/bin/sh", "-c", script);
    }

    static ServiceSpec with(ServiceSpec spec, OutputPolicy output) {
        return spec.with(output);
    }

    List<Line> last(String service, int count) {
        return output.last(List.of(instance(service)), count);
    }

    List<String> texts(String service) {
        return last(service, 1000).stream().map(Line::text).toList();
    }

    void spawn(ServiceSpec spec) {
        spawn(spec, new InstanceId(spec.name(), 0), 1, Optional.empty());
    }

    void spawn(ServiceSpec spec, InstanceId instance, long incarnation, Optional<IntentId> intent) {
        onLoop(() -> children.spawn(spec, instance, incarnation, intent));
    }

    ProcessIdentity start(ServiceSpec spec) {
        spawn(spec);
        var instance = new InstanceId(spec.name(), 0);
        return await(ProcessSpawned.class, spawned -> spawned.instance().equals(instance))
                .process();
    }

    ProcessExited exited(String service) {
        return await(ProcessExited.class, exited -> exited.instance().equals(instance(service)));
    }

    /** The next fact of this kind; others before it are dropped. */
    <E extends Event> E await(Class<E> kind, Predicate<E> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                Event event = events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (event == null) {
                    throw new AssertionError("Cannot see a " + kind.getSimpleName() + " within " + PATIENCE
                            + "; errors of the loop: " + errors);
                }
                if (kind.isInstance(event) && wanted.test(kind.cast(event))) {
                    return kind.cast(event);
                }
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    void onLoop(Runnable action) {
        ask(() -> {
            action.run();
            return true;
        });
    }

    <T> T ask(Supplier<T> question) {
        var answer = new CompletableFuture<T>();
        reactor.execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException failed) {
                answer.completeExceptionally(failed);
            }
        });
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    long faults(String word) {
        return statistics.faults().containsKey(word)
                ? statistics.faults().get(word).sum()
                : 0;
    }

    @Override
    public void close() {
        onLoop(() -> children.close(false));
        reactor.stop();
        try {
            loop.join(PATIENCE.toMillis());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        reactor.close();
        output.close();
        if (!errors.isEmpty()) {
            throw new AssertionError("The loop reported " + errors, errors.peek());
        }
    }
}
