package io.respawn.journal;

import static io.respawn.journal.JournalFixture.HOST;
import static io.respawn.journal.JournalFixture.names;
import static io.respawn.journal.JournalFixture.numbered;
import static io.respawn.journal.JournalFixture.paths;
import static io.respawn.journal.JournalFixture.seqs;
import static io.respawn.journal.JournalFixture.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Batch;
import io.respawn.core.Event.JournalSynced;
import io.respawn.core.Event.Noted;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
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
            LongStream.rangeClosed(1, 5).forEach(seq -> journal.append(List.of(numbered(seq))));
            journal.note(new Noted(WEB, 2, Optional.of(new IntentId("i")), Optional.of(new ProcessIdentity(10, 20))));
            journal.note(new Noted(WEB, 1, Optional.empty(), Optional.of(new ProcessIdentity(9, 19))));
            journal.acknowledged(3);
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(restored.ledger()).contains(numbered(5).ledger());
        assertThat(restored.records()).isEqualTo(numbered(5).records());
        assertThat(seqs(restored)).containsExactly(4L, 5L);
        assertThat(restored.notes())
                .containsOnly(Map.entry(
                        WEB,
                        new Noted(WEB, 2, Optional.of(new IntentId("i")), Optional.of(new ProcessIdentity(10, 20)))));
        assertThat(restored.warnings()).isEmpty();
    }

    @Test
    void goesOnOverManyRestarts() {
        for (long seq = 1; seq <= 12; seq++) {
            // when
            try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
                journal.append(List.of(numbered(seq)));
            }
        }

        // then
        assertThat(seqs(LocalJournal.restore(directory, HOST)))
                .isEqualTo(LongStream.rangeClosed(1, 12).boxed().toList());
        assertThat(names(directory)).hasSize(2);
    }

    @Test
    void writesNothingOnceTheDirectoryMayBeAnothers() {
        // given
        LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT);
        journal.append(List.of(numbered(1)));
        journal.close();
        List<String> left = names(directory);

        // when
        assertThatThrownBy(() -> journal.append(List.of(numbered(2)))).hasMessageContaining("closed");
        journal.acknowledged(1);

        // then
        assertThat(names(directory)).isEqualTo(left);
        assertThat(seqs(LocalJournal.restore(directory, HOST))).containsExactly(1L);
    }

    @Test
    void saysWhenItIsOnTheDisk() throws InterruptedException {
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            // given
            journal.append(List.of(numbered(7)));

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
                journal.append(List.of(numbered(seq)));
                journal.acknowledged(seq - 2);
            }
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(seqs(restored)).containsExactly(499L, 500L);
        assertThat(restored.records()).isEqualTo(numbered(500).records());
        assertThat(size(directory)).isLessThan(20_000);
    }

    @Test
    void forgetsTheProcessesOfAServiceThatIsGone() {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(List.of(numbered(1)));
            journal.note(new Noted(WEB, 1, Optional.empty(), Optional.of(new ProcessIdentity(9, 19))));
            journal.append(List.of(new Batch(
                    numbered(2).ledger(),
                    List.of(new StateRecord.ServiceTombstone(WEB.service())),
                    List.of(),
                    List.of())));
        }

        // when
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(restored.records()).isEmpty();
        assertThat(restored.notes()).isEmpty();
    }

    @Test
    void keepsTheStateButNoProcessOfAnotherBoot() {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(List.of(numbered(1)));
            journal.note(new Noted(WEB, 1, Optional.empty(), Optional.of(new ProcessIdentity(9, 19))));
        }

        // when
        Restored restored = LocalJournal.restore(directory, new HostIdentity("boot-2", HOST.pidNamespace()));

        // then
        assertThat(restored.ledger())
                .hasValueSatisfying(ledger -> assertThat(ledger.host()).isEqualTo(HOST));
        assertThat(restored.records()).isEqualTo(numbered(1).records());
        assertThat(restored.notes()).isEmpty();
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        // given
        try (LocalJournal journal = fixture.open(directory, LocalJournal.DEFAULT_LIMIT)) {
            journal.append(List.of(numbered(1)));
        }

        // then
        for (Path path : paths(directory)) {
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
}
