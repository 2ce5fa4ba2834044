package io.respawn.config;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Asks many at once, on two threads: whoever starts a thousand services waits for their configuration alone. */
final class Together {

    /** For fewer it is not worth a thread. */
    private static final int MANY = 3;

    private Together() {}

    /** The answers in order; the first that fails is what this fails with, whichever failed earlier. */
    static <T> List<T> ask(List<Supplier<T>> questions) {
        List<FutureTask<T>> tasks = new ArrayList<>();
        questions.forEach(question -> tasks.add(new FutureTask<>(question::get)));
        if (tasks.size() >= MANY) {
            // From the other end; a task runs once, whoever comes to it first.
            Thread.ofPlatform()
                    .daemon()
                    .name("respawn-configuration")
                    .start(() -> tasks.reversed().forEach(FutureTask::run));
        }
        tasks.forEach(FutureTask::run);
        List<T> answers = new ArrayList<>();
        for (FutureTask<T> task : tasks) {
            answers.add(answer(task));
        }
        return answers;
    }

    private static <T> T answer(FutureTask<T> task) {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException("Cannot read the configuration", failed.getCause());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot read the configuration: the program is ending", ending);
        }
    }
}
