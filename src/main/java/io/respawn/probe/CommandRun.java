package io.respawn.probe;

import io.respawn.linux.Epoll;
import io.respawn.linux.Errno;
import io.respawn.linux.Executables;
import io.respawn.linux.ExitStatus;
import io.respawn.linux.Kill;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Pidfd;
import io.respawn.linux.SignalResult;
import io.respawn.linux.Signals;
import io.respawn.linux.Spawn;
import io.respawn.linux.SpawnRequest;
import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.SpawnResult;
import io.respawn.linux.Waiter;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.Insistence;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a probe's command: a process in a session of its own, which ends with its whole group and is reaped, whatever
 * happens. The state belongs to the thread of {@link Commands}.
 */
final class CommandRun {

    private static final Logger LOG = System.getLogger(CommandRun.class.getName());

    private final Commands commands;
    private final Attendants attendants;
    private final Subject subject;
    private final List<String> command;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private boolean cancelled;
    private @Nullable Pidfd process;
    private @Nullable Answer verdict;

    CommandRun(Commands commands, Attendants attendants, Subject subject, List<String> command) {
        this.commands = commands;
        this.attendants = attendants;
        this.subject = subject;
        this.command = command;
    }

    /** Completes on the thread of the commands, and never fails. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** Completes when nothing of it is left. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    void begin() {
        if (!commands.execute(this::open)) {
            gone.complete(null);
        }
    }

    /** Nobody needs the answer any more; also before the beginning. */
    void cancel() {
        if (!commands.execute(this::end)) {
            gone.complete(null);
        }
    }

    private void open() {
        if (cancelled || !commands.open(this, this::spawn)) {
            gone.complete(null);
        }
    }

    /** Not even a thread could be had for its start. */
    void notBegun(Throwable failure) {
        finish(Answer.failure("Cannot run " + command.getFirst(), failure));
    }

    /** Somebody else sees to its end. */
    void leave() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    void end() {
        cancelled = true;
        if (process != null) {
            kill(process);
        }
    }

    /** On a thread of its own. */
    private void spawn() {
        SpawnResult result = Insistence.on(commands.statistics(), this::attempt);
        boolean taken = commands.execute(() -> begun(result));
        if (!taken && result instanceof SpawnResult.Spawned late) {
            // The end came first: nobody is left to wait for it. As nobody's child it is reaped by an orphan sweep.
            kill(late.pidfd());
            attendants.remove(late.pid());
            late.pidfd().close();
        }
    }

    private SpawnResult attempt() {
        try {
            return spawned();
        } catch (LinuxException failed) {
            return new SpawnResult.Failed(
                    failed.errno().isShortage() ? SpawnResult.Stage.RESOURCES : SpawnResult.Stage.OTHER,
                    failed.errno(),
                    "Cannot run " + command.getFirst() + ": " + failed.getMessage());
        } catch (RuntimeException failed) {
            return new SpawnResult.Failed(
                    SpawnResult.Stage.OTHER, Errno.EINVAL, "Cannot run " + command.getFirst() + ": " + failed);
        }
    }

    private SpawnResult spawned() {
        List<String> variables = attendants.environment(subject.spec(), subject.instance(), subject.incarnation());
        Path directory = attendants.directory(subject.spec());
        return switch (Executables.find(command.getFirst(), variables, directory)) {
            case Executables.Resolution.Missing(SpawnResult.Failed failure) -> failure;
            case Executables.Resolution.Found(Path executable) ->
                Spawn.spawn(
                        new SpawnRequest(
                                executable,
                                command,
                                variables,
                                directory,
                                new Stream.Discarded(),
                                new Stream.Discarded()),
                        born -> attendants.add(born.pid()));
        };
    }

    private void begun(SpawnResult result) {
        switch (result) {
            // What ran out is ours: it says nothing about the service.
            case SpawnResult.Failed failed ->
                finish(
                        failed.stage() == SpawnResult.Stage.RESOURCES
                                ? Answer.none(failed.words())
                                : Answer.failure(failed.words()));
            case SpawnResult.Spawned born -> {
                Pidfd held = born.pidfd();
                process = held;
                commands.reactor()
                        .watch(held.fd(), Epoll.IN, ready -> Insistence.on(commands.statistics(), () -> ended(held)));
                if (cancelled) {
                    kill(held);
                }
            }
        }
    }

    /**
     * What it left in its group is ended before it is reaped: until then its number cannot come back. Where memory gives
     * out all is done again, but for what must not be.
     */
    private void ended(Pidfd held) {
        if (verdict == null) {
            Waiter.Answer end = Waiter.peek(held);
            if (end instanceof Waiter.Answer.Running) {
                return;
            }
            Answer found = judge(end.ended());
            kill(held);
            verdict = found;
        }
        if (process != null) {
            attendants.remove(held.pid());
            Waiter.reap(held);
            commands.reactor().unwatch(held.fd());
            process = null;
            held.close();
        }
        finish(verdict);
    }

    private Answer judge(Optional<ExitStatus> end) {
        String target = ExecAttempt.target(command);
        if (end.isEmpty()) {
            return Answer.failure(target + " ended, and somebody else took its exit status");
        }
        boolean success = end.get() instanceof ExitStatus.Exited exited && exited.code() == 0;
        String detail = target + " ended with " + end.get();
        return success ? Answer.success(detail) : Answer.failure(detail);
    }

    private void finish(Answer found) {
        commands.ended(this);
        answer.complete(found);
        gone.complete(null);
    }

    private void kill(Pidfd held) {
        SignalResult result = Kill.group(held.pid(), Signals.SIGKILL);
        if (result == SignalResult.REFUSED) {
            LOG.log(
                    Level.WARNING,
                    "Cannot end {0} of {1}: it belongs to another user; run it as the user of the sidecar",
                    ExecAttempt.target(command),
                    subject.instance());
        }
    }
}
