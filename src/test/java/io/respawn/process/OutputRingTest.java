package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputRingTest {

    private final OutputRing ring = new OutputRing(new InstanceId(new ServiceName("web"), 0));

    @Test
    void keepsAllLinesWhileItGrows() {
        // given
        int lines = OutputRing.LINES;

        // when
        say(0, lines);

        // then
        assertThat(texts(lines)).isEqualTo(words(0, lines));
        assertThat(ring.next()).isEqualTo(lines + 1L);
    }

    @Test
    void forgetsTheOldestLinesOnceItIsFull() {
        // given
        say(0, OutputRing.LINES);

        // when
        say(OutputRing.LINES, OutputRing.LINES + 700);

        // then
        assertThat(texts(2 * OutputRing.LINES)).isEqualTo(words(700, OutputRing.LINES + 700));
    }

    @Test
    void growsFromAnyNumberOn() {
        // given
        ring.goOn(List.of(line(1_234_567, "first")));

        // when
        say(0, 50);

        // then
        assertThat(texts(51)).startsWith("first", "0").endsWith("49").hasSize(51);
        assertThat(ring.from(1_234_567)).extracting(Line::text).isEqualTo("first");
    }

    private void say(int from, int to) {
        IntStream.range(from, to).forEach(i -> ring.add(Instant.EPOCH, Stream.STDOUT, String.valueOf(i), false));
    }

    private List<String> texts(int count) {
        return ring.last(count).stream().map(Line::text).toList();
    }

    private static List<String> words(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private Line line(long number, String text) {
        return new Line(ring.instance(), number, Instant.EPOCH, Stream.STDOUT, text, false);
    }
}
