package io.respawn.probe;

import io.respawn.linux.Pidfd;
import io.respawn.linux.Reactor;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.Attendants.Errand;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands of all probes, stops and hooks.
 *
 * <p>One thread sees to the ends of all. A start waits until its program is loaded, and a hung file system can make that
 * long, so each start has a thread while it lasts: one that hangs makes no other probe late. The threads begin with the
 * first command.
 */
final class Commands implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Commands.class.getName());
    private static final Duration LONGEST_DYING = Duration.ofSeconds(2);

    private final Attendants attendants;
    private final Statistics statistics;
    private final ExecutorService starts = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("respawn-probe-spawn-", 0).factory());

    /** This and the next on the loop's thread. */
    private final Set<CommandRun> open = new HashSet<>();

    private boolean ending;

    private @Nullable Reactor loop;
    private boolean closed;

    Commands(Attendants attendants, Statistics statistics) {
        this.attendants = attendants;
        this.statistics = statistics;
    }

    Statistics statistics() {
        return statistics;
    }

    /** A run that has not begun. */
    CommandRun prepare(Errand errand) {
        return new CommandRun(this, attendants, errand);
    }

    CommandRun prepare(Subject subject, List<String> command) {
        return prepare(new Errand(subject.spec(), subject.instance(), subject.incarnation(), command));
    }

    /** One that goes on with this process, unless that has been reaped by now. Before any sweep for orphans. */
    Optional<CommandRun> inherit(Errand errand, int pid, long startTicks) {
        return Pidfd.open(pid, startTicks).map(held -> {
            attendants.add(pid);
            CommandRun run = prepare(errand);
            run.goOn(held);
            return run;
        });
    }

    /** Says whether it will be done: not after the end. */
    boolean execute(Runnable work) {
        try {
            Reactor running = loop();
            if (running == null) {
                return false;
            }
            // These are threads that may wait for memory, and what is handed over must not be lost.
            Insistence.on(statistics, () -> running.execute(() -> Insistence.on(statistics, work)));
            return true;
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The commands of probes have ended", ended);
            return false;
        }
    }

    /** Has a run begin by this; says whether it will, not when the end has come. On the loop's thread. */
    boolean open(CommandRun run, Runnable spawn) {
        if (ending) {
            return false;
        }
        open.add(run);
        try {
            starts.execute(spawn);
        } catch (OutOfMemoryError noThread) {
            run.notBegun(noThread);
        }
        return true;
    }

    /** It runs already. On the loop's thread. */
    void inherit(CommandRun run) {
        open.add(run);
    }

    /** On the loop's thread. */
    void ended(CommandRun run) {
        open.remove(run);
    }

    Reactor reactor() {
        Reactor running = loop();
        if (running == null) {
            throw new IllegalStateException("Cannot run a command: the prober is closed");
        }
        return running;
    }

    private synchronized @Nullable Reactor loop() {
        if (loop == null && !closed) {
            Reactor made =
                    new Reactor(failure -> LOG.log(Level.ERROR, "A command of a probe failed; others go on", failure));
            Thread.ofPlatform().daemon().name("respawn-probe-commands").start(() -> {
                made.run();
                made.close();
            });
            loop = made;
        }
        return loop;
    }

    /** Lets go of what runs: the next sidecar in this process ends it, or lets it come to its end. */
    void leave() {
        Reactor running = closed();
        if (running != null) {
            running.execute(() -> {
                ending = true;
                open.forEach(CommandRun::leave);
            });
            running.stop();
        }
        starts.shutdown();
    }

    private synchronized @Nullable Reactor closed() {
        closed = true;
        return loop;
    }

    /** Ends what runs; waits for that, though not for ever. */
    @Override
    public void close() {
        Reactor running = closed();
        if (running != null) {
            awaitEnds();
            running.stop();
        }
        starts.shutdown();
    }

    private void awaitEnds() {
        CompletableFuture<Void> ends = new CompletableFuture<>();
        boolean asked = execute(() -> {
            ending = true;
            List<CommandRun> runs = List.copyOf(open);
            runs.forEach(CommandRun::end);
            CompletableFuture<Void> _ = CompletableFuture.allOf(
                            runs.stream().map(CommandRun::gone).toArray(CompletableFuture[]::new))
                    .thenRun(() -> ends.complete(null));
        });
        if (!asked) {
            return;
        }
        try {
            ends.get(LONGEST_DYING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.log(
                    Level.WARNING,
                    "Cannot see the end of all commands of probes within " + LONGEST_DYING.toMillis()
                            + " ms; the next sidecar ends what is left",
                    late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
