package io.respawn.journal;

import static io.respawn.journal.JournalFixture.HOST;
import static io.respawn.journal.JournalFixture.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.codec.RandomValues;
import io.respawn.core.Batch;
import io.respawn.core.Event.JournalSynced;
import io.respawn.core.Event.Noted;
import io.respawn.core.Service;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalFoldingIT {

    private static final int ROUNDS = 6;
    private static final int STEPS = 400;
    private static final List<String> SERVICES = List.of("a", "b", "c", "d");

    private final JournalFixture fixture = new JournalFixture();

    @TempDir
    private Path directory;

    @Test
    void losesNothingWhileLogsAreFolded() throws InterruptedException {
        // given
        Random random = new Random(RandomValues.seed("JournalFoldingIT"));
        Map<String, Long> newest = new LinkedHashMap<>();
        Map<InstanceId, Noted> notes = new TreeMap<>();
        long seq = 0;
        long acknowledged = 0;

        for (int round = 1; round <= ROUNDS; round++) {
            // when
            try (LocalJournal journal = fixture.open(directory, 2000 + random.nextInt(20_000))) {
                Thread spawner = Thread.ofPlatform().start(() -> spawn(journal, notes));
                for (int step = 0; step < STEPS; step++) {
                    String service = SERVICES.get(random.nextInt(SERVICES.size()));
                    journal.append(List.of(numbered(++seq, service)));
                    newest.put("service/" + service, seq);
                    if (random.nextInt(10) == 0) {
                        acknowledged += random.nextLong(seq - acknowledged + 1);
                        journal.acknowledged(acknowledged);
                    }
                    if (random.nextInt(20) == 0) {
                        journal.sync(seq);
                    }
                }
                spawner.join();
            }
            Restored restored = LocalJournal.restore(directory, HOST);

            // then
            assertThat(restored.warnings()).isEmpty();
            assertThat(restored.ledger().orElseThrow().seq()).isEqualTo(seq);
            assertThat(restored.unacknowledged().stream().map(Batch::seq))
                    .isEqualTo(LongStream.rangeClosed(acknowledged + 1, seq)
                            .boxed()
                            .toList());
            assertThat(generations(restored)).isEqualTo(newest);
            assertThat(restored.notes()).isEqualTo(notes);
        }
        assertThat(fixture.events).isNotEmpty().allMatch(JournalSynced.class::isInstance);
    }

    @Test
    void findsAStateAgainThatTakesSeveralEntries() {
        // given
        int services = 2 * SnapshotFile.PART + 1;
        try (LocalJournal journal = fixture.open(directory, 20_000)) {
            for (int seq = 1; seq <= services; seq++) {
                journal.append(List.of(numbered(seq, "s" + seq)));
                journal.acknowledged(seq);
            }
        }

        // when
        fixture.open(directory, 20_000).close();
        Restored restored = LocalJournal.restore(directory, HOST);

        // then
        assertThat(restored.warnings()).isEmpty();
        assertThat(restored.ledger().orElseThrow().seq()).isEqualTo(services);
        assertThat(generations(restored)).hasSize(services);
    }

    @Test
    void deletesWhatAKilledSidecarHasNotFinished() throws IOException {
        // given
        fixture.open(directory, LocalJournal.DEFAULT_LIMIT).close();
        Files.createFile(directory.resolve("snapshot-1.unfinished"));
        Files.createFile(directory.resolve("journal-1.log.unfinished"));

        // when
        fixture.open(directory, LocalJournal.DEFAULT_LIMIT).close();

        // then
        assertThat(JournalFixture.names(directory)).containsExactly("journal-2.log", "snapshot-2");
    }

    private static Map<String, Long> generations(Restored restored) {
        Map<String, Long> generations = new LinkedHashMap<>();
        restored.records().forEach(record -> {
            if (record instanceof Service service) {
                generations.put(service.key(), service.generation());
            }
        });
        return generations;
    }

    private static void spawn(LocalJournal journal, Map<InstanceId, Noted> notes) {
        for (int i = 0; i < STEPS / 4; i++) {
            InstanceId instance = new InstanceId(new ServiceName(SERVICES.get(i % SERVICES.size())), 0);
            long incarnation = notes.containsKey(instance) ? notes.get(instance).incarnation() + 1 : 1;
            ProcessIdentity process = new ProcessIdentity(i + 1, incarnation);
            journal.note(new Noted(instance, incarnation, Optional.empty(), Optional.of(process)));
            notes.put(instance, new Noted(instance, incarnation, Optional.empty(), Optional.of(process)));
        }
    }
}
