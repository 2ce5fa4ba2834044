package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A client that is not ours: Debian's kcat, with the partitioner that it has by default. */
record Kcat(String bootstrap, String key) {

    private static final String COMMANDS = "respawn.commands";

    /** Sends one command for each line, and returns when the broker has them all. */
    void send(String... lines) {
        produce(COMMANDS, List.of(), lines);
    }

    /** Sends one command to all sidecars. */
    void broadcast(String line) {
        produce(COMMANDS + ".broadcast", List.of(), line);
    }

    /** Sends one command with headers, each {@code name=value}. */
    void sendWithHeaders(List<String> headers, String line) {
        produce(COMMANDS, headers, line);
    }

    private void produce(String topic, List<String> headers, String... lines) {
        List<String> command = new ArrayList<>(
                List.of("kcat", "-P", "-b", bootstrap, "-t", topic, "-k", key, "-X", "message.timeout.ms=15000"));
        headers.stream().flatMap(header -> Stream.of("-H", header)).forEach(command::add);
        try {
            Process kcat = start(command);
            try (var input = kcat.getOutputStream()) {
                input.write(String.join("\n", lines).getBytes(UTF_8));
            }
            String said = new String(kcat.getInputStream().readAllBytes(), UTF_8);
            if (kcat.waitFor() != 0) {
                throw new IllegalStateException("Cannot send " + Arrays.toString(lines) + " by kcat: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot talk to kcat", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for kcat: interrupted", e);
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot run kcat: install it, for example by 'apt-get install kcat' as .ci/run does", e);
        }
    }
}
