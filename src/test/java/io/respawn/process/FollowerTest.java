package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.supervise.OutputReader.Entry;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Missed;
import io.respawn.supervise.OutputReader.Stream;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowerTest {

    private static final InstanceId FIRST = new InstanceId(new ServiceName("web"), 0);
    private static final InstanceId SECOND = new InstanceId(new ServiceName("web"), 1);

    private final Rings rings = new Rings();
    private long time;

    @Test
    void beginsWithTheLastLinesAndGoesOnWithNewOnes() {
        // given
        write(FIRST, "a", "b", "c");

        // when
        var subscriber = follow(2, Long.MAX_VALUE);
        write(FIRST, "d");

        // then
        assertThat(texts(subscriber)).containsExactly("b", "c", "d");
    }

    @Test
    void mixesInstancesInTheOrderOfTheirLines() {
        // given
        write(FIRST, "a");
        write(SECOND, "b");
        write(FIRST, "c");

        // when
        var subscriber = follow(2, Long.MAX_VALUE);
        write(SECOND, "d");

        // then
        assertThat(texts(subscriber)).containsExactly("b", "c", "d");
        assertThat(rings.last(List.of(FIRST, SECOND), 2)).extracting(Line::text).containsExactly("c", "d");
    }

    @Test
    void tellsASlowReaderHowManyLinesItMissed() {
        // given
        var subscriber = follow(0, 1);
        write(FIRST, "read");

        // when: nobody asks for more
        for (int i = 0; i < OutputRing.LINES + 10; i++) {
            write(FIRST, "line-" + i);
        }
        subscriber.request(2);

        // then
        assertThat(subscriber.getItems()).hasSize(3);
        assertThat(subscriber.getItems().get(1)).isEqualTo(new Missed(10));
        assertThat(subscriber.getItems().get(2)).isInstanceOfSatisfying(Line.class, line -> {
            assertThat(line.text()).isEqualTo("line-10");
            assertThat(line.number()).isEqualTo(12);
        });
    }

    @Test
    void forgetsWhoCancelled() {
        // given
        var subscriber = follow(0, Long.MAX_VALUE);

        // when
        subscriber.cancel();
        write(FIRST, "a");

        // then
        assertThat(subscriber.getItems()).isEmpty();
    }

    @Test
    void remembersNoMoreThanItsShareOfCharacters() {
        // when
        for (int i = 0; i < 100; i++) {
            write(FIRST, "x".repeat(16 * 1024));
        }

        // then
        assertThat(rings.last(List.of(FIRST), 1000)).hasSizeBetween(15, 16);
    }

    private AssertSubscriber<Entry> follow(int count, long wanted) {
        return rings.follow(List.of(FIRST, SECOND), count).subscribe().withSubscriber(AssertSubscriber.create(wanted));
    }

    private void write(InstanceId instance, String... texts) {
        for (String text : texts) {
            rings.of(instance).add(Instant.ofEpochSecond(time++), Stream.STDOUT, text, false);
        }
    }

    private static List<String> texts(AssertSubscriber<Entry> subscriber) {
        return subscriber.getItems().stream()
                .map(entry -> ((Line) entry).text())
                .toList();
    }
}
