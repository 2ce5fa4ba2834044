package io.respawn.bench;

import io.respawn.linux.Executables;
import io.respawn.linux.Signals;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream.Discarded;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.Waiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A trivial process that is stopped and started again without anything around it. */
final class Bounce implements AutoCloseable {

    private static final List<String> COMMAND = List.of("sleep", "86421");
    private static final Path ROOT = Path.of("/");

    private final List<String> environment = System.getenv().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList();
    private final Path program =
            Executables.find(COMMAND.getFirst(), environment, ROOT) instanceof Executables.Resolution.Found found
                    ? found.executable()
                    : Path.of("/bin/sleep");
    private Spawned present = spawn();

    /** From SIGTERM until the next one runs. */
    Duration once() {
        long begin = System.nanoTime();
        end();
        present = spawn();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private Spawned spawn() {
        var request = new SpawnRequest(program, COMMAND, environment, ROOT, new Discarded(), new Discarded());
        if (Spawn.spawn(request) instanceof Spawned spawned) {
            return spawned;
        }
        throw new IllegalStateException("Cannot start " + program);
    }

    private void end() {
        present.pidfd().signal(Signals.SIGTERM);
        while (Waiter.reap(present.pidfd()) instanceof Waiter.Answer.Running) {
            Thread.onSpinWait();
        }
        present.pidfd().close();
    }

    @Override
    public void close() {
        end();
    }
}
