package io.respawn.journal;

import static io.respawn.journal.JournalFixture.HOST;
import static io.respawn.journal.JournalFixture.numbered;
import static io.respawn.journal.JournalFixture.seqs;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.JournalChanged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program that fills the small disk it is given, makes room again, and tells what became of its batches. */
final class DiskFiller {

    private static final int BALLAST = 64 * 1024;
    private static final long BATCHES = 10_000;
    private static final int FLOOD = 20_000;

    private static String lastRefusal = "";

    private DiskFiller() {}

    /** {@code flood} has far more batches appended while the disk is full than are worth being kept one by one. */
    static List<String> command(Path directory, boolean flood) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                DiskFiller.class.getName(),
                directory.toString(),
                Boolean.toString(flood));
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path ballast = Files.write(directory.resolve("ballast"), new byte[BALLAST]);
        JournalFixture fixture = new JournalFixture();
        LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT);
        long refused = fill(journal);
        tell("refused", refused);
        tell("kept", contents(directory));
        if (Boolean.parseBoolean(arguments[1])) {
            flood(journal, refused);
            // The small disk would not hold all of them at once.
            journal.acknowledged(refused + FLOOD - 100);
            Files.delete(ballast);
            awaitHealed(fixture);
            tell("attempts afterwards", journal.healed());
        } else {
            Files.delete(ballast);
            journal.append(List.of(numbered(refused + 1)));
        }
        tell("healed", contents(directory));
        fixture.events.forEach(event -> {
            if (event instanceof JournalChanged changed) {
                tell("durable " + changed.durable(), changed.detail());
            }
        });
    }

    private static long fill(LocalJournal journal) {
        for (long seq = 1; seq <= BATCHES; seq++) {
            try {
                journal.append(List.of(numbered(seq)));
            } catch (UncheckedIOException full) {
                tell("because", full.getMessage());
                return seq;
            }
        }
        throw new IllegalStateException("Cannot fill the disk");
    }

    private static void flood(LocalJournal journal, long from) {
        long begun = System.nanoTime();
        for (long seq = from + 1; seq <= from + FLOOD; seq++) {
            try {
                journal.append(List.of(numbered(seq)));
                throw new IllegalStateException("Cannot have room for batch " + seq);
            } catch (UncheckedIOException full) {
                lastRefusal = String.valueOf(full.getMessage());
            }
        }
        tell("last refusal", lastRefusal);
        tell("attempts", journal.healed());
        tell("millis", (System.nanoTime() - begun) / 1_000_000);
    }

    /** Without another append. */
    private static void awaitHealed(JournalFixture fixture) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> fixture.events.stream()
                        .anyMatch(event -> event instanceof JournalChanged changed && changed.durable()));
    }

    private static String contents(Path directory) {
        Restored restored = LocalJournal.restore(directory, HOST);
        List<Long> seqs = seqs(restored);
        return seqs.size() + " batches " + seqs.getFirst() + " to " + seqs.getLast() + ", "
                + restored.warnings().size() + " warnings";
    }

    private static void tell(String what, Object value) {
        System.out.println(what + ": " + value);
    }
}
