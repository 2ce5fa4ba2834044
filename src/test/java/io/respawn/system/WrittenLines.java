package io.respawn.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a service wrote that numbers its lines from 1 on. */
final class WrittenLines {

    private WrittenLines() {}

    /** Of the lines that begin so none is missing, doubled, torn or out of order. */
    static void assertEachOnce(Path file, String begin) throws IOException {
        int last = 0;
        try (Stream<String> all = Files.lines(file, UTF_8)) {
            for (String line : (Iterable<String>) all.filter(line -> line.startsWith(begin))::iterator) {
                assertThat(line.substring(begin.length()))
                        .as("after line %d of %s", last, file)
                        .isEqualTo(Integer.toString(++last));
            }
        }
        assertThat(last).as(file + ", " + begin).isGreaterThan(100);
    }
}
