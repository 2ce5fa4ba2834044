package io.respawn.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is done to a sidecar at the last moment before it becomes a new image, while nothing of it handles anything. */
record AtExecve(Path script) {

    /** Prepares a sidecar that has not been started; nothing is done as long as nothing is said. */
    static AtExecve of(RunningSidecar sidecar, Path folder) throws IOException {
        Path script = folder.resolve("at-execve.sh");
        sidecar.with("RESPAWN_JAVA_OPTS", "-javaagent:" + AgentJar.pack(folder, AtExecveAgent.class) + "=" + script);
        return new AtExecve(script);
    }

    /** Each time from now on; {@code $1} is the sidecar. */
    void run(String commands) {
        try {
            Files.writeString(script, commands);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + script, e);
        }
    }

    void runNothing() {
        run("");
    }
}
