package io.respawn.journal;

import static io.respawn.journal.JournalFixture.HOST;
import static io.respawn.journal.JournalFixture.numbered;
import static io.respawn.journal.JournalFixture.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.respawn.codec.CodecException;
import io.respawn.core.Batch;
import io.respawn.core.Event.Found;
import io.respawn.core.Event.JournalChanged;
import io.respawn.core.Event.JournalSynced;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalJournalIT {

    private static final InstanceId WEB = new InstanceId(new ServiceName("web"), 0);

    private final JournalFixture fixture = new JournalFixture();

    @TempDir
    private Path directory;

    @Test
    void startsWithNothing() {
        assertThat(LocalJournal.restore(directory, HOST)).isEqualTo(Restored.NOTHING);
    }

    @Test
    void givesBackWhatWasAppended() {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            LongStream.rangeClosed(1, 5).forEach(seq -> journal.append(numbered(seq)));
            journal.spawned(WEB, 2, Optional.of(new IntentId("i")), new ProcessIdentity(10, 20));
            journal.spawned(WEB, 1, Optional.empty(), new ProcessIdentity(9, 19));
            journal.acknowledged(3);
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(restored.ledger()).contains(numbered(5).ledger());
        assertThat(restored.records()).isEqualTo(numbered(5).records());
        assertThat(seqs(restored)).containsExactly(4L, 5L);
        assertThat(restored.spawned())
                .containsOnly(
                        Map.entry(WEB, new Found(WEB, 2, new ProcessIdentity(10, 20), Optional.of(new IntentId("i")))));
        assertThat(restored.warnings()).isEmpty();
    }

    @Test
    void goesOnOverManyRestarts() {
        for (long seq = 1; seq <= 12; seq++) {
            // when
            try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
                journal.append(numbered(seq));
            }
        }

        // then
        assertThat(seqs(LocalJournal.restore(directory, HOST)))
                .isEqualTo(LongStream.rangeClosed(1, 12).boxed().toList());
        assertThat(names()).hasSize(2);
    }

    @Test
    void saysWhenItIsOnTheDisk() throws InterruptedException {
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            // given
            journal.append(numbered(7));

            // when
            journal.sync(7);

            // then
            assertThat(fixture.events.poll(10, TimeUnit.SECONDS)).isEqualTo(new JournalSynced(7));
        }
    }

    @Test
    void foldsFullLogsAndForgetsWhatKafkaHas() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, 4096)) {
            for (long seq = 1; seq <= 500; seq++) {
                journal.append(numbered(seq));
                journal.acknowledged(seq - 2);
            }
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(seqs(restored)).containsExactly(499L, 500L);
        assertThat(restored.records()).isEqualTo(numbered(500).records());
        assertThat(size()).isLessThan(20_000);
    }

    @Test
    void forgetsTheProcessesOfAServiceThatIsGone() {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(numbered(1));
            journal.spawned(WEB, 1, Optional.empty(), new ProcessIdentity(9, 19));
            journal.append(new Batch(
                    numbered(2).ledger(),
                    List.of(new StateRecord.ServiceTombstone(WEB.service())),
                    List.of(),
                    List.of()));
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(restored.records()).isEmpty();
        assertThat(restored.spawned()).isEmpty();
    }

    @Test
    void keepsTheStateButNoProcessOfAnotherBoot() {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(numbered(1));
            journal.spawned(WEB, 1, Optional.empty(), new ProcessIdentity(9, 19));
        }

        // when
        Restored restored = LocalJournal.restore(directory, new HostIdentity("boot-2", HOST.pidNamespace()));

        // then
        assertThat(restored.ledger())
                .hasValueSatisfying(ledger -> assertThat(ledger.host()).isEqualTo(HOST));
        assertThat(restored.records()).isEqualTo(numbered(1).records());
        assertThat(restored.spawned()).isEmpty();
    }

    @Test
    void cutsOffATornEndAtEveryByte() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(numbered(1));
        }
        Path log = log();
        byte[] one = Files.readAllBytes(log);
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(numbered(2));
        }
        byte[] whole = Files.readAllBytes(log());
        byte[] entry = Arrays.copyOfRange(whole, SegmentHeader.encode(HOST).length, whole.length);
        List<Path> all = paths();
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
            LongStream.rangeClosed(1, 9).forEach(seq -> journal.append(numbered(seq)));
        }
        Path log = log();
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
        assertThat(names()).anyMatch(name -> name.endsWith(".broken"));
        assertThat(LocalJournal.restore(directory, HOST).warnings()).isEmpty();
    }

    @Test
    void fallsBackToTheFilesBehindABrokenSnapshot() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            LongStream.rangeClosed(1, 3).forEach(seq -> journal.append(numbered(seq)));
        }
        Path log = log();
        Files.write(log.resolveSibling("snapshot-99"), new byte[] {1, 2, 3});

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(seqs(restored)).containsExactly(1L, 2L, 3L);
        assertThat(restored.warnings()).hasSize(1).first().asString().contains("snapshot-99");
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
            journal.append(numbered(1));
            journal.spawned(WEB, 1, Optional.empty(), new ProcessIdentity(9, 19));
            Thread.currentThread().interrupt();

            // when
            assertThatThrownBy(() -> journal.append(numbered(2)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("Cannot write to the journal in " + directory);
            assertThat(Thread.interrupted()).isTrue();
            journal.sync(2);
            journal.append(numbered(3));

            // then
            await().atMost(Duration.ofSeconds(10)).until(() -> fixture.events.contains(new JournalSynced(2)));
        }
        Restored restored = LocalJournal.restore(directory, HOST);
        assertThat(seqs(restored)).containsExactly(1L, 2L, 3L);
        assertThat(restored.spawned()).containsKey(WEB);
        assertThat(restored.warnings()).isEmpty();
        assertThat(fixture.events.stream()
                        .filter(JournalChanged.class::isInstance)
                        .map(event -> ((JournalChanged) event).durable()))
                .containsExactly(false, true);
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(numbered(1));
        }

        // then
        for (Path path : paths()) {
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void survivesTheKillOfItsWriter() throws Exception {
        // given
        Process writer = new ProcessBuilder(JournalWriter.command(directory, 64 * 1024))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long told = 0;
        try (var lines = writer.inputReader()) {
            while (told < 2000) {
                told = Long.parseLong(lines.readLine());
            }

            // when
            writer.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told = Long.parseLong(line);
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !writer.isAlive());
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        List<Long> seqs = seqs(restored);
        assertThat(seqs)
                .isEqualTo(LongStream.rangeClosed(1, seqs.size()).boxed().toList());
        assertThat(seqs.getLast()).isBetween(told, told + 1);
        assertThat(restored.records())
                .first()
                .isInstanceOfSatisfying(
                        Service.class,
                        service -> assertThat(service.generation()).isEqualTo(seqs.getLast()));
    }

    private Path log() {
        return paths().stream()
                .filter(path -> path.toString().endsWith(".log"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private List<String> names() {
        return paths().stream().map(path -> path.getFileName().toString()).toList();
    }

    private long size() throws IOException {
        long size = 0;
        for (Path path : paths()) {
            size += Files.size(path);
        }
        return size;
    }

    private List<Path> paths() {
        try (var paths = Files.list(directory)) {
            return new ArrayList<>(paths.sorted().toList());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
