package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.respawn.core.Event.Found;
import io.respawn.linux.Subreaper;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output in the face of what ends sidecars and fills disks. */
class OutputRecoveryIT {

    private static final int KILLS = 5;
    private static final String RATE = "2000000";
    private static final String MOST = "60000000";

    @TempDir
    Path directory;

    private Process keeper;

    @AfterEach
    void endTheKeeper() throws InterruptedException {
        if (keeper != null) {
            keeper.destroyForcibly().waitFor();
        }
        Subreaper.disable();
    }

    @Test
    void keepsEveryLineOnceOverFiveKillsWhileAChildWritesOn() throws Exception {
        // given
        var contents = new LogContents(directory.resolve("logs/web-0.log"));
        Path stop = directory.resolve("stop");
        for (int kill = 1; kill <= KILLS; kill++) {
            String ready = startTheKeeper(stop);
            assertThat(ready).isEqualTo(kill == 1 ? "ready 0" : "ready 1");
            long before = bytes();
            await().until(() -> bytes() > before + 500_000);

            // when
            keeper.destroyForcibly().waitFor();
        }
        try (Rig rig = new Rig("keeper", directory, OutputStream.nullOutputStream(), LogKeeper.POLICY)) {
            List<Found> found = rig.ask(() -> rig.children.recover(List.of()));
            assertThat(found).hasSize(1);
            LogKeeper.takeOver(rig, found.getFirst());
            Files.createFile(stop);
            rig.exited("web");

            // then
            long count = Long.parseLong(Files.readString(Path.of(stop + ".count")));
            String last = count + NumberedLines.TAIL;
            await().ignoreExceptions().until(() -> contents.text().endsWith(last));
            List<String> lines = contents.text().lines().toList();
            assertThat(lines).hasSize((int) count);
            for (int i = 0; i < count; i++) {
                assertThat(lines.get(i) + "\n").isEqualTo((i + 1) + NumberedLines.TAIL);
            }
            assertThat(contents.old()).hasSizeGreaterThan(1);
            await().ignoreExceptions()
                    .until(() -> contents.old().stream()
                            .allMatch(file -> file.toString().endsWith(".gz")));
            assertThat(contents.text().lines().toList()).isEqualTo(lines);
            assertThat(rig.statistics.faults()).isEmpty();
        }
    }

    @Test
    void dropsWholeLinesWhileTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
        // given: a disk of 256 KiB in a mount namespace of its own
        List<String> unshare = System.getProperty("user.name").equals("root")
                ? List.of("unshare", "--mount")
                : List.of("unshare", "--map-root-user", "--mount");
        List<String> probe = new ArrayList<>(unshare);
        probe.add("true");
        assumeTrue(
                new ProcessBuilder(probe).redirectErrorStream(true).start().waitFor() == 0,
                "the kernel allows no mount namespace here");
        Path disk = Files.createDirectory(directory.resolve("disk"));
        List<String> command = new ArrayList<>(unshare);
        command.addAll(List.of("sh", "-c", "mount -t tmpfs -o size=256k full \"$1\" && shift && exec \"$@\"", "sh"));
        command.add(disk.toString());
        command.addAll(java(FullLogDisk.class, disk.toString(), directory.toString()));

        // when
        Process filler = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> told = filler.inputReader().lines().toList();

        // then
        assertThat(filler.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(told).contains("full", "ring goes on", "console goes on", "file goes on", "lines are whole");
        assertThat(filler.exitValue()).isZero();
    }

    private long bytes() throws Exception {
        long sum = 0;
        Path logs = directory.resolve("logs");
        if (Files.exists(logs)) {
            try (Stream<Path> files = Files.list(logs)) {
                for (Path file : files.toList()) {
                    if (!file.toString().contains(".gz") && Files.exists(file)) {
                        sum += Files.size(file);
                    } else if (file.toString().endsWith(".gz")) {
                        sum += LogKeeper.POLICY.file().orElseThrow().maxSize();
                    }
                }
            }
        }
        return sum;
    }

    private String startTheKeeper(Path stop) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("keeper", directory.toString()));
        arguments.addAll(java(NumberedLines.class, stop.toString(), RATE, MOST));
        keeper = new ProcessBuilder(java(LogKeeper.class, arguments.toArray(String[]::new)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = keeper.inputReader();
        String line = reader.readLine();
        while (line != null && !line.startsWith("ready ")) {
            line = reader.readLine();
        }
        return String.valueOf(line);
    }

    private static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
