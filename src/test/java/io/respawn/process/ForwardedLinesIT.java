package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static io.respawn.process.Rig.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.codec.ComponentForm;
import io.respawn.core.Event.ProcessExited;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.ForwardedLine;
import io.respawn.supervise.Statistics;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines on their way to Kafka, up to where they are sent. */
final class ForwardedLinesIT {

    private static final OutputPolicy FORWARDED = OutputPolicy.DEFAULT.forwarding(true);
    private static final int LINES = 800;

    @TempDir
    Path directory;

    @Test
    void eachLineKnowsItsProcess() {
        try (Rig rig = rig()) {
            // given
            rig.start(Rig.with(shell("web", "echo one; printf half"), FORWARDED));
            rig.exited("web");

            // when
            rig.spawn(
                    Rig.with(shell("web", "echo two; echo three >&2"), FORWARDED),
                    instance("web"),
                    2,
                    Optional.empty());
            rig.await(ProcessExited.class, exited -> exited.incarnation() == 2);
            rig.start(Rig.with(shell("other", "echo not this"), OutputPolicy.DEFAULT));
            rig.exited("other");
            await().until(() ->
                    rig.texts("web").size() == 4 && rig.texts("other").size() == 1);

            // then
            List<ForwardedLine> lines = rig.output.park().forwarding().lines();
            assertThat(lines)
                    .extracting(line -> line.incarnation() + " " + line.line().text())
                    .containsExactlyInAnyOrder("1 one", "1 half", "2 two", "2 three");
            rig.output.unpark();
        }
    }

    @Test
    void everyLineIsHandedOverOnceWithItsProcess() throws Exception {
        try (Rig rig = rig()) {
            // given
            rig.start(Rig.with(
                    shell("web", "i=0; while [ $i -lt " + LINES + " ]; do i=$((i+1)); echo $i; done"), FORWARDED));
            ChildOutput reader = rig.output;

            // when
            for (int i = 0; i < 8; i++) {
                reader = goneOn(reader);
            }
            rig.exited("web");
            ChildOutput last = reader;
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> last.forwarding().look().outstanding() == LINES);

            // then
            assertThat(last.park().forwarding().lines())
                    .extracting(line -> line.incarnation() + " " + line.line().text())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES)
                            .mapToObj(i -> "1 " + i)
                            .toList());
            last.unpark();
            last.close();
        }
    }

    private Rig rig() {
        return new Rig("forwarded-lines-it", directory, OutputStream.nullOutputStream(), FORWARDED);
    }

    /** As in one process, where the reader before does not vanish by itself. */
    private ChildOutput goneOn(ChildOutput from) throws Exception {
        var form = new ComponentForm(
                field -> {
                    throw new AssertionError("unknown field " + field);
                },
                Map.of(Path.class, Path::of));
        KeptOutput kept = form.decode(
                "a capsule", KeptOutput.class, form.encode(from.park().duplicate()));
        from.leave();
        var next = new ChildOutput(
                Optional.of(directory),
                OutputStream.nullOutputStream(),
                Rig.policies(FORWARDED),
                InstantSource.system(),
                new Statistics(),
                event -> {});
        next.goOn(kept, (instance, line) -> {}, instance -> 1);
        return next;
    }
}
