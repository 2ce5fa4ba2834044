package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event;
import io.respawn.core.Event.ShutdownRequested;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalHandlingIT {

    @Test
    void tellsWhoAskedToLeaveAndTakesASecondWishAfterAWhileForImpatience() throws Exception {
        // given: a JVM that was started with the signals blocked, as the launcher does
        Process probe = new ProcessBuilder(
                        "env",
                        "--block-signal=TERM,INT,HUP,USR1",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xrs",
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SignalProbe.class.getName())
                .redirectErrorStream(true)
                .start();
        // Whatever goes wrong, its output ends then, and with it the test.
        CompletableFuture.delayedExecutor(40, TimeUnit.SECONDS).execute(probe::destroyForcibly);
        try {
            BufferedReader lines = probe.inputReader();
            assertThat(lines.readLine()).isEqualTo("possible true");
            assertThat(lines.readLine()).isEqualTo("ready");

            // when / then
            kill("HUP", probe);
            assertThat(lines.readLine()).isEqualTo("hangup");
            kill("USR1", probe);
            assertThat(lines.readLine()).isEqualTo("user1");
            kill("TERM", probe);
            String first = readUntil(lines, "ShutdownRequested");
            assertThat(first).contains("SIGTERM from pid ").contains("forced=false");
            long asked = System.nanoTime();
            kill("INT", probe);
            assertThat(readUntil(lines, "ShutdownRequested"))
                    .contains("SIGINT from pid ")
                    .contains("forced=false");
            await().until(() -> System.nanoTime() - asked > SignalHandling.SECOND_WISH_AFTER.toNanos());
            kill("TERM", probe);
            assertThat(readUntil(lines, "ShutdownRequested")).contains("forced=true");
            assertThat(probe.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(probe.exitValue()).isZero();
        } finally {
            probe.destroyForcibly();
        }
    }

    @Test
    void theHookHoldsTheEndOfTheJvmUntilTheSidecarHasLeft() throws Exception {
        // given
        List<Event> events = new CopyOnWriteArrayList<>();
        var hook = new ShutdownOnExit(events::add, Duration.ofSeconds(20));
        Thread ending = Thread.ofPlatform().start(hook::ask);
        await().until(() -> !events.isEmpty());

        // when
        assertThat(ending.isAlive()).isTrue();
        hook.left();

        // then
        ending.join(10_000);
        assertThat(ending.isAlive()).isFalse();
        assertThat(events).containsExactly(new ShutdownRequested("the JVM is ending", false));
    }

    @Test
    void theHookGivesUpAfterItsTimeAndIsSilentAfterAnOrderlyEnd() {
        // given
        List<Event> events = new ArrayList<>();
        var impatient = new ShutdownOnExit(events::add, Duration.ofMillis(30));
        var left = new ShutdownOnExit(events::add, Duration.ofSeconds(20));
        left.left();

        // when
        impatient.ask();
        left.ask();

        // then
        assertThat(events).hasSize(1);
    }

    private static String readUntil(BufferedReader lines, String part) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(part)) {
            line = lines.readLine();
        }
        assertThat(line).as("a line with '%s'", part).isNotNull();
        return line;
    }

    private static void kill(String signal, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
