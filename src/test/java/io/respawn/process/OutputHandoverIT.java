package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static io.respawn.process.Rig.shell;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.codec.ComponentForm;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.Statistics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What services write while the output goes from one reader to the next, by the form in which it rides in a capsule. */
class OutputHandoverIT {

    private static final int LINES = 4000;

    /** Each line in two pieces, so that many a handover meets half a line. */
    private static final String CHATTY =
            "i=0; while [ $i -lt " + LINES + " ]; do i=$((i+1)); printf 'line '; printf '%s\\n' $i; done";

    @TempDir
    Path directory;

    private final List<ChildOutput> readers = new ArrayList<>();

    @AfterEach
    void closeTheLast() {
        if (!readers.isEmpty()) {
            readers.getLast().close();
        }
    }

    @Test
    void everyLineIsReadOnceAndNoneIsTornOverManyHandovers() throws Exception {
        // given
        var console = new ByteArrayOutputStream();
        try (Rig rig = new Rig("output-handover-it", directory, console)) {
            rig.start(shell("web", CHATTY));
            ChildOutput reader = rig.output;

            // when
            for (int i = 0; i < 20; i++) {
                reader = handedOver(reader, console);
            }
            rig.exited("web");

            // then
            ChildOutput last = reader;
            awaitEachLineOnce(console);
            List<Line> remembered = last.last(List.of(instance("web")), 3);
            assertThat(remembered).extracting(Line::number).containsExactly(3998L, 3999L, 4000L);
        }
    }

    @Test
    void readersThatLeaveInTheSameProcessLoseNoLineAndKeepNothingOpen() throws Exception {
        // given
        var console = new ByteArrayOutputStream();
        try (Rig rig = new Rig("output-handover-it", directory, console)) {
            rig.start(shell("web", CHATTY));
            ChildOutput reader = left(rig.output, console);
            long open = descriptors();
            long threads = threads();

            // when
            for (int i = 0; i < 19; i++) {
                reader = left(reader, console);
            }

            // then: less, if the process has ended meanwhile
            assertThat(descriptors()).isLessThanOrEqualTo(open);
            assertThat(threads()).isEqualTo(threads);
            rig.exited("web");
            awaitEachLineOnce(console);
        }
    }

    @Test
    void whatStandardOutputDidNotTakeIsWrittenByTheNext() throws Exception {
        // given
        var in = new PipedInputStream(8);
        try (var blocked = new PipedOutputStream(in);
                Rig rig = new Rig("output-handover-it", directory, blocked)) {
            rig.start(shell("web", "for i in 1 2 3 4 5 6; do echo line $i; done"));
            rig.exited("web");
            await().until(() -> rig.texts("web").size() == 6);

            // when
            KeptOutput kept = passed(rig.output.park());

            // then
            assertThat(new String(KeptOutput.bytes(kept.console()), UTF_8)).endsWith("web/0 | line 6\n");
            assertThat(kept.lines()).hasSize(6);
            drain(in);
        }
    }

    @Test
    void goesOnWhenThereIsNoHandoverAfterAll() throws Exception {
        // given
        var console = new ByteArrayOutputStream();
        try (Rig rig = new Rig("output-handover-it", directory, console)) {
            rig.start(shell("web", "echo one; until [ -e " + directory + "/go ]; do sleep 0.02; done; echo two"));
            await().until(() -> rig.texts("web").equals(List.of("one")));
            rig.output.park();

            // when
            rig.output.unpark();

            // then
            Files.createFile(directory.resolve("go"));
            await().until(() -> rig.texts("web").equals(List.of("one", "two")));
            await().until(() -> console.toString(UTF_8).endsWith("two\n"));
        }
    }

    private static void awaitEachLineOnce(ByteArrayOutputStream console) {
        await().until(() -> lines(console).size() == LINES);
        assertThat(lines(console))
                .isEqualTo(IntStream.rangeClosed(1, LINES)
                        .mapToObj(i -> "web/0 | line " + i)
                        .toList());
    }

    /** Those that read output. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("respawn-output"))
                .count();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private ChildOutput handedOver(ChildOutput from, OutputStream console) throws Exception {
        return goneOn(passed(from.park()), console);
    }

    /** As in one process, where the reader before does not vanish by itself. */
    private ChildOutput left(ChildOutput from, OutputStream console) throws Exception {
        KeptOutput kept = passed(from.park().duplicate());
        from.leave();
        return goneOn(kept, console);
    }

    private ChildOutput goneOn(KeptOutput kept, OutputStream console) throws IOException {
        var next = new ChildOutput(
                Optional.of(directory),
                console,
                Rig.policies(OutputPolicy.DEFAULT),
                InstantSource.system(),
                new Statistics(),
                event -> {});
        next.goOn(kept, (instance, line) -> {}, instance -> 1);
        readers.add(next);
        return next;
    }

    private static KeptOutput passed(KeptOutput kept) {
        var form = new ComponentForm(
                field -> {
                    throw new AssertionError("unknown field " + field);
                },
                Map.of(Path.class, Path::of));
        return form.decode("a capsule", KeptOutput.class, form.encode(kept));
    }

    private static List<String> lines(ByteArrayOutputStream console) {
        return console.toString(UTF_8).lines().toList();
    }

    private static void drain(InputStream in) {
        Thread.ofVirtual().start(() -> {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
