package io.respawn.journal;

import static io.respawn.journal.JournalFixture.HOST;
import static io.respawn.journal.JournalFixture.log;
import static io.respawn.journal.JournalFixture.names;
import static io.respawn.journal.JournalFixture.numbered;
import static io.respawn.journal.JournalFixture.paths;
import static io.respawn.journal.JournalFixture.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.respawn.codec.CodecException;
import io.respawn.core.Event.JournalChanged;
import io.respawn.core.Event.JournalSynced;
import io.respawn.core.Event.Noted;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalDamageIT {

    private static final InstanceId WEB = new InstanceId(new ServiceName("web"), 0);

    private final JournalFixture fixture = new JournalFixture();

    @TempDir
    private Path directory;

    @Test
    void cutsOffATornEndAtEveryByte() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(List.of(numbered(1)));
        }
        Path log = log(directory);
        byte[] one = Files.readAllBytes(log);
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(List.of(numbered(2)));
        }
        byte[] whole = Files.readAllBytes(log(directory));
        byte[] entry = Arrays.copyOfRange(whole, SegmentHeader.encode(HOST).length, whole.length);
        List<Path> all = paths(directory);
        for (Path path : all) {
            Files.delete(path);
        }

        for (int kept = 1; kept < entry.length; kept++) {
            // when
            Files.write(log, one);
            Files.write(log, Arrays.copyOf(entry, kept), StandardOpenOption.APPEND);
            Restored restored = new Recovery(new JournalFiles(directory), HOST).run();

            // then
            assertThat(seqs(restored)).containsExactly(1L);
            assertThat(restored.warnings()).hasSize(1).first().asString().contains("cut off");
            assertThat(Files.size(log)).isEqualTo(one.length);
        }
    }

    @Test
    void setsAsideWhatFollowsDamageInTheMiddle() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            LongStream.rangeClosed(1, 9).forEach(seq -> journal.append(List.of(numbered(seq))));
        }
        Path log = log(directory);
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 0x40;
        Files.write(log, bytes);

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(seqs(restored))
                .isNotEmpty()
                .isEqualTo(
                        LongStream.rangeClosed(1, seqs(restored).size()).boxed().toList());
        assertThat(seqs(restored).size()).isLessThan(9);
        assertThat(restored.warnings()).hasSize(1).first().asString().contains("set aside as");
        assertThat(names(directory)).anyMatch(name -> name.endsWith(".broken"));
        assertThat(LocalJournal.restore(directory, HOST).warnings()).isEmpty();
    }

    @Test
    void keepsTheFirstBatchesOfAGroupThatIsTorn() throws IOException {
        // given
        Path log;
        long last;
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            log = log(directory);
            journal.append(List.of(numbered(1), numbered(2)));
            last = Files.size(log);
            journal.append(List.of(numbered(3), numbered(4), numbered(5)));
        }
        long one = (Files.size(log) - last) / 3;
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(last + one + one / 2);
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(seqs(restored)).containsExactly(1L, 2L, 3L);
        assertThat(restored.ledger().orElseThrow().seq()).isEqualTo(3);
        assertThat(restored.warnings()).hasSize(1).first().asString().contains("never finished");
    }

    @Test
    void fallsBackToTheFilesBehindABrokenSnapshot() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            LongStream.rangeClosed(1, 3).forEach(seq -> journal.append(List.of(numbered(seq))));
        }
        Path log = log(directory);
        Files.write(log.resolveSibling("snapshot-99"), new byte[] {1, 2, 3});

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(seqs(restored)).containsExactly(1L, 2L, 3L);
        assertThat(restored.warnings()).hasSize(1).first().asString().contains("snapshot-99");
    }

    @Test
    void doesNotTakeHalfAStateForAllOfIt() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            LongStream.rangeClosed(1, SnapshotFile.PART + 1).forEach(seq -> {
                journal.append(List.of(numbered(seq, "s" + seq)));
                journal.acknowledged(seq);
            });
        }
        fixture.open(directory, LocalJournal.DEFAULT_LIMIT).close();
        Path snapshot = paths(directory).stream()
                .filter(path -> path.getFileName().toString().startsWith("snapshot"))
                .findFirst()
                .orElseThrow();
        int first = Scan.of(snapshot, ByteBuffer.wrap(Files.readAllBytes(snapshot)))
                .frames()
                .getFirst()
                .size();
        try (FileChannel channel = FileChannel.open(snapshot, StandardOpenOption.WRITE)) {
            channel.truncate(SegmentHeader.encode(HOST).length + first + 9);
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(restored.ledger()).isEmpty();
        assertThat(restored.records()).isEmpty();
        assertThat(restored.warnings()).hasSize(1).first().asString().contains("its first 0 entries are used");
    }

    @Test
    void refusesTheFilesOfANewerVersion() throws IOException {
        // given
        Files.writeString(directory.resolve("journal-1.log"), "respawn-journal 2 boot-1 1\n");

        // then
        assertThatThrownBy(() -> LocalJournal.restore(directory, HOST))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("of schema 2: this version reads schema 1");
    }

    @Test
    void beginsAnewWithEverythingWhenTheLogIsInDoubt() {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(List.of(numbered(1)));
            journal.note(new Noted(WEB, 1, Optional.empty(), Optional.of(new ProcessIdentity(9, 19))));
            Thread.currentThread().interrupt();

            // when
            assertThatThrownBy(() -> journal.append(List.of(numbered(2))))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("Cannot write to the journal in " + directory);
            assertThat(Thread.interrupted()).isTrue();
            journal.sync(2);
            journal.append(List.of(numbered(3)));

            // then
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.events.contains(new JournalSynced(2)));
        }
        Restored restored = LocalJournal.restore(directory, HOST);
        assertThat(seqs(restored)).containsExactly(1L, 2L, 3L);
        assertThat(restored.notes()).containsKey(WEB);
        assertThat(restored.warnings()).isEmpty();
        assertThat(fixture.events.stream()
                        .filter(JournalChanged.class::isInstance)
                        .map(event -> ((JournalChanged) event).durable()))
                .containsExactly(false, true);
    }
}
