package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.supervise.ForwardedLine;
import io.respawn.supervise.Forwarding;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import io.respawn.supervise.Statistics;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The thread that has lines sent. */
final class ForwardPumpTest {

    private static final InstanceId WEB = new InstanceId(new ServiceName("web"), 0);

    private final Statistics statistics = new Statistics();
    private final Forwarding lines = new Forwarding(statistics.forwarding(), System::nanoTime);
    private final AtomicInteger shortages = new AtomicInteger(2);
    private final List<Long> sent = new CopyOnWriteArrayList<>();

    @Test
    void goesOnWhenMemoryHadGivenOutAndSendsTheLineThatWasTaken() {
        // given
        ForwardPump pump = new ForwardPump(lines, () -> {}, new ForwardReport("lines", statistics), this::send);
        pump.start();

        // when
        lines.offer(new ForwardedLine(new Line(WEB, 1, Instant.EPOCH, Stream.STDOUT, "first", false), 1));
        lines.offer(new ForwardedLine(new Line(WEB, 2, Instant.EPOCH, Stream.STDOUT, "second", false), 1));

        // then
        await().untilAsserted(() -> assertThat(sent).containsExactly(1L, 2L));
        assertThat(statistics.outOfMemoryCount()).isEqualTo(2);
        assertThat(lines.look().outstanding()).isZero();
        assertThat(lines.look().lost()).isZero();
        pump.end();
    }

    private void send(Forwarding.Item item) {
        if (shortages.getAndDecrement() > 0) {
            throw new OutOfMemoryError("made up");
        }
        lines.arrived(item);
        sent.add(item.line().line().number());
    }
}
