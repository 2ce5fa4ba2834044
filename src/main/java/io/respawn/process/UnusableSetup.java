package io.respawn.process;

import io.respawn.linux.Errno;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Stage;

/** Says that a process cannot be given what was declared for it, and at which stage that came out. */
final class UnusableSetup extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Stage stage;

    UnusableSetup(Stage stage, String words) {
        super(words);
        this.stage = stage;
    }

    static UnusableSetup environment(String words) {
        return new UnusableSetup(Stage.ENVIRONMENT, words);
    }

    /** The same as a spawn that failed. */
    Failed asFailed() {
        return new Failed(stage, Errno.EINVAL, String.valueOf(getMessage()));
    }
}
