package io.respawn.cli;

import java.nio.file.Path;
import java.util.Optional;

/** For verbs that need none of this process's own. */
final class NoSidecar implements Sidecar {

    @Override
    public int run(RunRequest request) {
        throw new AssertionError("Cannot run: no verb here asks for that");
    }

    @Override
    public Checked check(Optional<Path> configuration) {
        throw new AssertionError("Cannot check: no verb here asks for that");
    }
}
