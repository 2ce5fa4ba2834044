package io.respawn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full: a child mounts a tmpfs of 256 KiB in a mount namespace of its own, which root may do
 * directly and others within a user namespace. Where the kernel allows neither there is no honest way to fill a disk.
 */
final class FullDiskIT {

    @TempDir
    private Path directory;

    @Test
    void isReadableWhileFullAndLosesNothingWhenThereIsRoomAgain() throws Exception {
        // when
        List<String> lines = fill(false);

        // then
        long refused = Long.parseLong(value(lines, "refused"));
        assertThat(value(lines, "because"))
                .contains("Cannot write to the journal in")
                .contains("No space left on device");
        assertThat(value(lines, "kept")).isEqualTo((refused - 1) + " batches 1 to " + (refused - 1) + ", 0 warnings");
        assertThat(value(lines, "healed")).isEqualTo((refused + 1) + " batches 1 to " + (refused + 1) + ", 0 warnings");
        assertThat(lines).filteredOn(line -> line.startsWith("durable")).hasSize(2);
        assertThat(value(lines, "durable false")).contains("No space left on device");
        assertThat(value(lines, "durable true")).contains("can be written again");
    }

    @Test
    void isNotWrittenAnewForEveryBatchThatAFullDiskRefusesAndHealsByItself() throws Exception {
        // when
        List<String> lines = fill(true);

        // then at most ten attempts in the first seconds, and one a second from then on
        long millis = Long.parseLong(value(lines, "millis"));
        assertThat(Long.parseLong(value(lines, "attempts"))).isBetween(1L, 10 + millis / 1000);
        assertThat(value(lines, "last refusal")).contains("No space left on device");
        long last = Long.parseLong(value(lines, "refused")) + 20_000;
        assertThat(value(lines, "healed")).isEqualTo("100 batches " + (last - 99) + " to " + last + ", 0 warnings");
    }

    private List<String> fill(boolean flood) throws Exception {
        List<String> unshare = System.getProperty("user.name").equals("root")
                ? List.of("unshare", "--mount")
                : List.of("unshare", "--map-root-user", "--mount");
        assumeTrue(exitCode(unshare, List.of("true")) == 0, "the kernel allows no mount namespace here");
        List<String> command = new ArrayList<>(unshare);
        command.addAll(List.of("sh", "-c", "mount -t tmpfs -o size=256k full \"$1\" && shift && exec \"$@\"", "sh"));
        command.add(directory.toString());
        command.addAll(DiskFiller.command(directory, flood));
        Process filler = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = filler.inputReader().lines().collect(Collectors.toList());
        assertThat(filler.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(filler.exitValue()).as("%s", lines).isZero();
        return lines;
    }

    private static String value(List<String> lines, String what) {
        return lines.stream()
                .filter(line -> line.startsWith(what + ": "))
                .map(line -> line.substring(what.length() + 2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no '" + what + "' in " + lines));
    }

    private static int exitCode(List<String> prefix, List<String> command) throws Exception {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return new ProcessBuilder(all).redirectErrorStream(true).start().waitFor();
    }
}
