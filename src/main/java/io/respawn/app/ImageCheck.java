package io.respawn.app;

import io.respawn.codec.CodecException;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Memfd;
import io.respawn.linux.SelfExec;
import io.respawn.model.Text;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tries the program that is on the disk now, before this process becomes it: started as a child by the same command line, it
 * has to read our capsule. It starts neither services nor the framework, and touches nothing.
 */
final class ImageCheck {

    /** Set for the child: what it gets on its standard input is to be read and nothing else done. */
    private static final String VARIABLE = "RESPAWN_CAPSULE_CHECK";

    /** What a program says that can go on; another one that ends well says something else. */
    private static final String READABLE = "respawn: this capsule can be read";

    /** Asks the virtual machine to write down what it loads: this process does, not one that only looks. */
    private static final String RECORDING = "-XX:AOTCacheOutput=";

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private ImageCheck() {}

    /** Why the next program cannot go on from this capsule; empty if it can. */
    static Optional<String> objection(NextImage next, byte[] sealed) throws InterruptedException {
        try (Memfd capsule = Memfd.create("respawn-check", sealed)) {
            Process child = builder(next.image(), capsule).start();
            try {
                return judge(child);
            } finally {
                child.destroyForcibly();
            }
        } catch (IOException | LinuxException failed) {
            return Optional.of("the new image cannot be tried: " + failed.getMessage());
        }
    }

    private static ProcessBuilder builder(SelfExec.Image image, Memfd capsule) {
        List<String> command = new ArrayList<>(image.arguments());
        command.removeIf(argument -> argument.startsWith(RECORDING));
        command.set(0, image.executable().toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/proc/self/fd/" + capsule.fd()));
        builder.environment().clear();
        image.with(VARIABLE, "1").environment().forEach(entry -> {
            int equals = entry.indexOf('=');
            builder.environment().put(entry.substring(0, equals), entry.substring(equals + 1));
        });
        return builder;
    }

    /** It says little, so it can end before anybody reads that. */
    private static Optional<String> judge(Process child) throws InterruptedException, IOException {
        if (!child.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            return Optional.of("the new image did not say within " + LONGEST.toSeconds() + " s whether it can go on");
        }
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (child.exitValue() == 0 && said.lines().anyMatch(READABLE::equals)) {
            return Optional.empty();
        }
        return Optional.of("the new image cannot go on (exit code " + child.exitValue() + "): "
                + Text.bounded(said.replace('\n', ' ')));
    }

    /** Whether this process is the child. */
    static boolean isAsked() {
        return System.getenv(VARIABLE) != null;
    }

    /** The child's part: reads the capsule, says whether it can, and answers with the exit code. */
    static int answer() {
        try {
            Capsule.read(System.in.readAllBytes(), new ArrayList<>());
            System.out.println(READABLE);
            return 0;
        } catch (CodecException | IOException unreadable) {
            System.out.println(unreadable.getMessage());
            return 1;
        }
    }
}
