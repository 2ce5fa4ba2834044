package io.respawn.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A service that writes numbered lines at a given rate, in pieces that do not end where lines end. */
final class NumberedLines {

    static final String TAIL = " the quick brown fox jumps over the lazy dog\n";

    private NumberedLines() {}

    /** Arguments: a file whose presence ends it, bytes a second, most bytes. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path stop = Path.of(arguments[0]);
        long rate = Long.parseLong(arguments[1]);
        long most = Long.parseLong(arguments[2]);
        var out = new FileOutputStream(FileDescriptor.out);
        var random = new Random(7);
        var pending = new StringBuilder();
        long number = 0;
        long written = 0;
        long begin = System.nanoTime();
        while (written < most && !Files.exists(stop)) {
            int piece = 1 + random.nextInt(16_000);
            while (pending.length() < piece) {
                pending.append(++number).append(TAIL);
            }
            out.write(pending.substring(0, piece).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            pending.delete(0, piece);
            written += piece;
            long ahead = written * 1_000_000_000L / rate - (System.nanoTime() - begin);
            if (ahead > 0) {
                Thread.sleep(ahead / 1_000_000, (int) (ahead % 1_000_000));
            }
        }
        out.write(pending.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Files.writeString(Path.of(stop + ".count"), Long.toString(number));
    }
}
