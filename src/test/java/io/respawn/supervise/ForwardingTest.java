package io.respawn.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.supervise.ForwardCounts.Count;
import io.respawn.supervise.Forwarding.Item;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Lines between who reads and who sends; the clock stands unless a test moves it. */
final class ForwardingTest {

    private static final ServiceName WEB = new ServiceName("web");
    private static final Instant AT = Instant.parse("2030-01-01T00:00:00Z");

    private final ForwardCounts counts = new ForwardCounts();
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Forwarding forwarding = new Forwarding(counts, nanos::get);
    private long offered;

    @Test
    void sendsOneAloneUntilItHasArrivedAndManyThen() throws InterruptedException {
        // given
        offer(1000);

        // when
        Item first = next();
        boolean alone = forwarding.take(Duration.ZERO).isEmpty();
        forwarding.arrived(first);
        List<Item> window = takeAll();

        // then
        assertThat(alone).isTrue();
        assertThat(window).extracting(ForwardingTest::number).containsExactlyElementsOf(numbers(2, 257));
        assertThat(count()).isEqualTo(new Count(1, 0, 999));
    }

    @Test
    void sendsOneAloneAgainAfterAPause() throws InterruptedException {
        // given
        offer(3);
        forwarding.arrived(next());
        takeAll().forEach(forwarding::arrived);
        offer(2);

        // when
        nanos.addAndGet(Duration.ofSeconds(61).toNanos());

        // then
        assertThat(takeAll()).extracting(ForwardingTest::number).containsExactly(4L);
    }

    @Test
    void sendsAgainInOrderWhatDidNotArrive() throws InterruptedException {
        // given
        offer(5);
        forwarding.arrived(next());
        List<Item> sent = takeAll();

        // when two fail, one arrives, and the last is not known of yet
        forwarding.failed(sent.get(2));
        forwarding.failed(sent.get(0));
        forwarding.arrived(sent.get(1));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        boolean waits = forwarding.take(Duration.ZERO).isEmpty();
        forwarding.failed(sent.get(3));
        boolean pauses = forwarding.take(Duration.ZERO).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        Item again = next();

        // then
        assertThat(waits).isTrue();
        assertThat(pauses).isTrue();
        assertThat(number(again)).isEqualTo(2);
        forwarding.arrived(again);
        assertThat(takeAll()).extracting(ForwardingTest::number).containsExactly(4L, 5L);
    }

    @Test
    void losesTheOldestThatIsNotUnderWayWhenThereIsNoRoom() throws InterruptedException {
        // given
        offer(1);
        Item underWay = next();

        // when
        offer(Forwarding.MOST_LINES + 10);
        forwarding.arrived(underWay);

        // then
        assertThat(count()).isEqualTo(new Count(1, 11, Forwarding.MOST_LINES - 1));
        assertThat(number(next())).isEqualTo(13);
        assertThat(forwarding.look().lost()).isEqualTo(11);
    }

    @Test
    void boundsTheSizeOfAllLinesToo() {
        // given
        String long16k = "x".repeat(16 * 1024);

        // when
        for (int i = 0; i < 200; i++) {
            forwarding.offer(line(++offered, long16k));
        }

        // then
        assertThat(count().waiting() * 16 * 1024).isEqualTo(Forwarding.MOST_CHARACTERS);
        assertThat(count().lost()).isEqualTo(72);
    }

    @Test
    void givesUpWhatKafkaRefusesAndGoesOn() throws InterruptedException {
        // given
        offer(2);

        // when
        forwarding.refused(next());

        // then
        assertThat(number(next())).isEqualTo(2);
        assertThat(count()).isEqualTo(new Count(0, 1, 1));
    }

    @Test
    void tellsWhenEverythingUpToAMarkIsThrough() throws InterruptedException {
        // given
        offer(2);
        long mark = forwarding.mark();
        offer(1);

        // when
        forwarding.arrived(next());
        boolean tooEarly = forwarding.awaitThrough(mark, Duration.ZERO);
        forwarding.arrived(next());

        // then
        assertThat(tooEarly).isFalse();
        assertThat(forwarding.awaitThrough(mark, Duration.ZERO)).isTrue();
    }

    @Test
    void handsOverWhatIsUnderWayAndWhatWaits() throws InterruptedException {
        // given
        offer(6);
        forwarding.arrived(next());
        Item underWay = next();

        // when
        KeptForwarding kept = forwarding.park(Duration.ZERO);
        boolean still = forwarding.take(Duration.ZERO).isEmpty();
        ForwardCounts nextCounts = new ForwardCounts();
        Forwarding next = new Forwarding(nextCounts, nanos::get);
        next.goOn(kept);

        // then
        assertThat(still).isTrue();
        assertThat(kept.lines()).extracting(line -> line.line().number()).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(nextCounts.now()).containsExactly(Map.entry(WEB, new Count(1, 0, 5)));
        assertThat(number(next.take(Duration.ZERO).orElseThrow())).isEqualTo(2);
        forwarding.arrived(underWay);
        forwarding.unpark();
        assertThat(number(next())).isEqualTo(3);
    }

    @Test
    void handsOverTheNewestAndCountsTheRestAsLost() {
        // given
        offer(3000);

        // when
        KeptForwarding kept = forwarding.park(Duration.ZERO);

        // then
        assertThat(kept.lines())
                .hasSize(KeptForwarding.MOST_LINES)
                .extracting(line -> line.line().number())
                .startsWith(2001L)
                .endsWith(3000L);
        assertThat(kept.counts()).containsExactly(Map.entry(WEB, new Count(0, 2000, 1000)));
        assertThat(kept.dropped()).isEqualTo(2000);
        assertThat(count()).isEqualTo(new Count(0, 0, 3000));
    }

    @Test
    void forgetsWhoSentAndTakesNoLateAnswer() throws InterruptedException {
        // given
        offer(2);
        Item late = next();

        // when
        forwarding.abandon();
        forwarding.arrived(late);
        forwarding.failed(late);
        forwarding.refused(late);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        // then
        assertThat(count()).isEqualTo(new Count(0, 0, 2));
        assertThat(number(next())).isEqualTo(1);
    }

    @Test
    void callsForASenderOnceThereIsALine() {
        // given
        AtomicInteger calls = new AtomicInteger();
        forwarding.whenFirst(calls::incrementAndGet);
        int before = calls.get();

        // when
        offer(2);
        forwarding.whenFirst(calls::incrementAndGet);

        // then
        assertThat(before).isZero();
        assertThat(calls).hasValue(2);
    }

    @Test
    void tellsHowLongNothingHasArrived() throws InterruptedException {
        // given
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        offer(1);
        Item item = next();

        // when
        nanos.addAndGet(Duration.ofSeconds(7).toNanos());
        Duration silence = forwarding.look().silence();
        forwarding.arrived(item);

        // then
        assertThat(silence).isEqualTo(Duration.ofSeconds(7));
        assertThat(forwarding.look().silence()).isZero();
    }

    /** Any answers in any order: a line arrives for the first time only behind all that came before it and are not lost. */
    @Test
    void keepsTheOrderWhateverTheAnswersAre() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<Long> arrived = new ArrayList<>();
        List<Item> underWay = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            offer(random.nextInt(3));
            nanos.addAndGet(Duration.ofMillis(random.nextInt(200)).toNanos());
            for (int j = random.nextInt(4); j > 0; j--) {
                forwarding.take(Duration.ZERO).ifPresent(underWay::add);
            }
            // As a producer answers: in order, and once one has failed, so do all that were sent after it.
            if (!underWay.isEmpty() && random.nextInt(20) == 0) {
                underWay.forEach(forwarding::failed);
                underWay.clear();
            } else {
                for (int j = random.nextInt(underWay.size() + 1); j > 0; j--) {
                    Item item = underWay.removeFirst();
                    arrived.add(number(item));
                    forwarding.arrived(item);
                }
            }
        }
        assertThat(arrived).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
        assertThat(count().forwarded()).as("seed %d", seed).isEqualTo(arrived.size());
        assertThat(count().forwarded() + count().lost() + count().waiting())
                .as("seed %d", seed)
                .isEqualTo(offered);
    }

    private void offer(int lines) {
        for (int i = 0; i < lines; i++) {
            offered++;
            forwarding.offer(line(offered, "line " + offered));
        }
    }

    private static ForwardedLine line(long number, String text) {
        return new ForwardedLine(new Line(new InstanceId(WEB, 0), number, AT, Stream.STDOUT, text, false), 1);
    }

    private Item next() throws InterruptedException {
        return forwarding.take(Duration.ZERO).orElseThrow();
    }

    private List<Item> takeAll() throws InterruptedException {
        List<Item> all = new ArrayList<>();
        for (Optional<Item> next = forwarding.take(Duration.ZERO);
                next.isPresent();
                next = forwarding.take(Duration.ZERO)) {
            all.add(next.get());
        }
        return all;
    }

    private Count count() {
        return counts.now().get(WEB);
    }

    private static long number(Item item) {
        return item.line().line().number();
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
