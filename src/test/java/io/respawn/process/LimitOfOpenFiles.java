package io.respawn.process;

import java.io.IOException;

/** The soft limit of this process, changed by {@code prlimit} of util-linux, so that few files are enough to reach it. */
final class LimitOfOpenFiles {

    void lower(int limit) throws IOException {
        set(limit + ":");
    }

    void raise() throws IOException {
        set("16384:");
    }

    private static void set(String limit) throws IOException {
        try {
            int code = new ProcessBuilder(
                            "prlimit",
                            "--pid",
                            Long.toString(ProcessHandle.current().pid()),
                            "--nofile=" + limit)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("Cannot set the limit of open files to " + limit);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
