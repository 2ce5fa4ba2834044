package io.respawn.journal;

import java.nio.file.Path;
import java.util.List;

/** A program that appends numbered batches and tells each number once it is written, until it is killed or fails. */
final class JournalWriter {

    private static final long BATCHES = 200_000;

    private JournalWriter() {}

    static List<String> command(Path directory, long limit) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                JournalWriter.class.getName(),
                directory.toString(),
                Long.toString(limit));
    }

    public static void main(String[] arguments) {
        LocalJournal journal = new JournalFixture().open(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        for (long seq = 1; seq <= BATCHES; seq++) {
            journal.append(List.of(JournalFixture.numbered(seq)));
            System.out.println(seq);
        }
    }
}
