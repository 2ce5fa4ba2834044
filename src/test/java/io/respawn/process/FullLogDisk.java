package io.respawn.process;

import static org.awaitility.Awaitility.await;

import io.respawn.model.OutputPolicy;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A sidecar that keeps lines on the small disk it is given until that is full, makes room again, and tells what it saw. */
final class FullLogDisk {

    private static final int BALLAST = 64 * 1024;

    private FullLogDisk() {}

    /** Arguments: the small disk, a state directory elsewhere. */
    public static void main(String... arguments) throws Exception {
        Path disk = Path.of(arguments[0]);
        Path log = disk.resolve("web.log");
        Path ballast = Files.write(disk.resolve("ballast"), new byte[BALLAST]);
        var policy = new OutputPolicy(
                OutputPolicy.Console.PREFIX,
                Optional.of(new OutputPolicy.File(Optional.of(log.toString()), 10L << 20, Optional.empty(), 5, true)));
        var console = new Counting();
        try (Rig rig = new Rig("full-disk", Path.of(arguments[1]), console)) {
            String script =
                    "i=0; while :; do i=$((i+1)); echo \"$i the quick brown fox jumps over the lazy dog\"; done";
            rig.start(Rig.with(Rig.shell("web", script), policy));
            await().atMost(Rig.PATIENCE).until(() -> rig.faults(LogFile.FAILED) > 0);
            tell("full");
            long number = rig.last("web", 1).getFirst().number();
            await().until(() -> rig.last("web", 1).getFirst().number() > number + 1000);
            tell("ring goes on");
            long shown = console.bytes;
            await().until(() -> console.bytes > shown);
            tell("console goes on");
            long size = Files.size(log);
            Files.delete(ballast);
            await().until(() -> Files.size(log) > size + BALLAST / 2);
            tell("file goes on");
        }
        tell(judgement(Files.readString(log, StandardCharsets.US_ASCII)));
    }

    private static String judgement(String text) {
        List<String> lines = text.lines().toList();
        long last = 0;
        int gaps = 0;
        for (String line : lines) {
            if (!line.matches("\\d+ the quick brown fox jumps over the lazy dog")) {
                return "broken: " + line;
            }
            long number = Long.parseLong(line.substring(0, line.indexOf(' ')));
            if (number <= last) {
                return "twice: " + line;
            }
            gaps += number > last + 1 ? 1 : 0;
            last = number;
        }
        return gaps > 0 ? "lines are whole" : "nothing was dropped of " + last;
    }

    /** Keeps nothing: how much a fast child writes meanwhile must not matter. */
    private static final class Counting extends OutputStream {

        private volatile long bytes;

        @Override
        public synchronized void write(int b) {
            bytes++;
        }

        @Override
        public synchronized void write(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }

    private static void tell(String what) {
        System.out.println(what);
    }
}
