package io.respawn.probe;

import io.respawn.model.Text;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks by a command, one process at a time: the next one waits until the one before it is gone. */
final class ExecAttempt implements Attempt {

    private final Commands commands;
    private final Subject subject;
    private final List<String> command;
    private final Context context;
    private CompletableFuture<Void> lastGone = CompletableFuture.completedFuture(null);

    ExecAttempt(Commands commands, Subject subject, List<String> command, Context context) {
        this.commands = commands;
        this.subject = subject;
        this.command = command;
        this.context = context;
    }

    @Override
    public String target() {
        return target(command);
    }

    static String target(List<String> command) {
        return "The command '" + Text.shown(String.join(" ", command)) + "'";
    }

    @Override
    public Asked ask() {
        CommandRun run = commands.prepare(subject, command);
        CompletableFuture<Void> _ = lastGone.thenRun(run::begin);
        lastGone = run.gone();
        return new Asked(Future.fromCompletionStage(run.answer(), context), run::cancel);
    }
}
