package io.respawn.probe;

import io.respawn.linux.Epoll;
import io.respawn.linux.ExitStatus;
import io.respawn.linux.Kill;
import io.respawn.linux.Pidfd;
import io.respawn.linux.SignalResult;
import io.respawn.linux.Signals;
import io.respawn.linux.Waiter;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.Attendants.Errand;
import io.respawn.supervise.Attendants.Start;
import io.respawn.supervise.Insistence;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command, such as a probe's: a process in a session of its own, which ends with its whole group and is reaped, whatever
 * happens. The state belongs to the thread of {@link Commands}.
 */
final class CommandRun {

    private static final Logger LOG = System.getLogger(CommandRun.class.getName());

    private final Commands commands;
    private final Attendants attendants;
    private final Errand errand;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private boolean cancelled;
    private volatile @Nullable Pidfd process;
    private @Nullable Answer verdict;

    CommandRun(Commands commands, Attendants attendants, Errand errand) {
        this.commands = commands;
        this.attendants = attendants;
        this.errand = errand;
    }

    /** The number of its process, as long as that is there; from any thread. */
    OptionalInt pid() {
        Pidfd held = process;
        return held == null ? OptionalInt.empty() : OptionalInt.of(held.pid());
    }

    /** Goes on with a process that an earlier image of this program began. */
    void goOn(Pidfd inherited) {
        boolean taken = commands.execute(() -> {
            commands.inherit(this);
            hold(inherited);
        });
        if (!taken) {
            inherited.close();
            gone.complete(null);
        }
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
        finish(Answer.failure("Cannot run " + program(), failure));
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
        Start result = Insistence.on(commands.statistics(), this::attempt);
        boolean taken = commands.execute(() -> begun(result));
        if (!taken && result instanceof Start.Begun late) {
            // The end came first: nobody is left to wait for it. As nobody's child it is reaped by an orphan sweep.
            Pidfd held = Pidfd.inherited(late.pid(), late.descriptor());
            kill(held);
            attendants.remove(late.pid());
            held.close();
        }
    }

    private Start attempt() {
        try {
            return attendants.start(errand);
        } catch (RuntimeException failed) {
            return new Start.Failed("Cannot run " + program() + ": " + failed, false);
        }
    }

    private String program() {
        return errand.command().getFirst();
    }

    private void begun(Start result) {
        switch (result) {
            // What ran out is ours: it says nothing about the service.
            case Start.Failed failed ->
                finish(failed.ours() ? Answer.none(failed.reason()) : Answer.failure(failed.reason()));
            case Start.Begun born -> hold(Pidfd.inherited(born.pid(), born.descriptor()));
        }
    }

    private void hold(Pidfd held) {
        process = held;
        commands.reactor().watch(held.fd(), Epoll.IN, ready -> Insistence.on(commands.statistics(), () -> ended(held)));
        if (cancelled) {
            kill(held);
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
        String target = ExecAttempt.target(errand.command());
        if (end.isEmpty()) {
            return Answer.none(target + " ended, and somebody else took its exit status");
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
                    "Cannot end {0} of {1}: it belongs to another user; give the sidecar CAP_KILL, or run it as its user",
                    ExecAttempt.target(errand.command()),
                    errand.instance());
        }
    }
}
