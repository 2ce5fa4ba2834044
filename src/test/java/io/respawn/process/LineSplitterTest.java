package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

    private final LineSplitter splitter = new LineSplitter();
    private final List<String> lines = new ArrayList<>();
    private final List<Boolean> cuts = new ArrayList<>();

    @Test
    void joinsWhatComesInPieces() {
        // when
        feed("one\ntw");
        feed("o\r\n");
        feed("\nthree");

        // then
        assertThat(lines).containsExactly("one", "two", "");
        splitter.flush(this::line);
        assertThat(lines).containsExactly("one", "two", "", "three");
    }

    @Test
    void makesNoLineOfNothing() {
        // given
        feed("one\n");

        // when
        splitter.flush(this::line);

        // then
        assertThat(lines).containsExactly("one");
    }

    @Test
    void cutsALongLineAndMarksTheCut() {
        // given
        String text = "x".repeat(LineSplitter.LONGEST + 10);

        // when
        feed(text + "\n");

        // then
        assertThat(lines).containsExactly("x".repeat(LineSplitter.LONGEST), "x".repeat(10));
        assertThat(cuts).containsExactly(true, false);
    }

    @Test
    void leavesALineOfExactlyTheLimitWhole() {
        // when
        feed("x".repeat(LineSplitter.LONGEST) + "\nnext\n");

        // then
        assertThat(lines).containsExactly("x".repeat(LineSplitter.LONGEST), "next");
        assertThat(cuts).containsExactly(false, false);
    }

    @Test
    void losesNoCharacterWhereverThePiecesAndTheCutsFall() {
        // given
        long seed = Long.getLong("seed", 42);
        var random = new Random(seed);
        String text = "\u00e9\u20ac\ud83d\ude00a".repeat(9000);
        byte[] bytes = ("a".repeat(random.nextInt(9)) + text).getBytes(StandardCharsets.UTF_8);

        // when
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(1 + random.nextInt(5000), bytes.length - at);
            splitter.feed(Arrays.copyOfRange(bytes, at, at + count), 0, count, this::line);
            at += count;
        }
        splitter.flush(this::line);

        // then
        assertThat(String.join("", lines)).as("seed %d", seed).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        assertThat(cuts).hasSizeGreaterThan(3);
    }

    @Test
    void survivesBytesThatAreNoText() {
        // given
        byte[] continuations = new byte[3 * LineSplitter.LONGEST];
        Arrays.fill(continuations, (byte) 0x80);

        // when
        splitter.feed(continuations, 0, continuations.length, this::line);
        splitter.flush(this::line);

        // then
        assertThat(String.join("", lines))
                .hasSize(continuations.length)
                .containsOnlyOnce("\ufffd".repeat(continuations.length));
    }

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.feed(bytes, 0, bytes.length, this::line);
    }

    private void line(String text, boolean cut) {
        lines.add(text);
        cuts.add(cut);
    }
}
