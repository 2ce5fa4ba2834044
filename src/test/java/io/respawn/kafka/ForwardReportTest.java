package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.supervise.Forwarding.Look;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ForwardReportTest {

    private static final Logger LOG = Logger.getLogger(ForwardReport.class.getName());

    private final Statistics statistics = new Statistics();
    private final ForwardReport report = new ForwardReport("respawn.output", statistics);
    private final List<String> said = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            said.add(new PatternFormatter("%s").format(ExtLogRecord.wrap(line)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(handler);
    }

    @Test
    void saysOnceThatLinesWaitAndOnceThatTheyGoOn() {
        // when
        report.failed(new TimeoutException("no metadata"));
        report.look(look(5, 10, 0, 0), seconds(1));
        report.failed(new TimeoutException("still none"));
        report.look(look(6, 10, 0, 30), seconds(31));
        boolean stalled = report.isStalled();
        report.look(look(2, 14, 0, 0), seconds(32));
        report.look(look(0, 16, 0, 0), seconds(33));

        // then
        assertThat(stalled).isTrue();
        assertThat(report.isStalled()).isFalse();
        assertThat(said)
                .containsExactly(
                        "Cannot forward output to topic 'respawn.output': no metadata; 5 lines wait, of more than 10000"
                                + " the oldest are lost",
                        "Output is forwarded to topic 'respawn.output' again; 2 lines wait");
        assertThat(statistics.faults().get(ForwardReport.STALLED).sum()).isEqualTo(1);
    }

    @Test
    void noticesABrokerThatSaysNothing() {
        // when
        report.look(look(5, 10, 0, 9), seconds(9));
        report.look(look(5, 10, 0, 10), seconds(10));

        // then
        assertThat(said).singleElement().asString().contains("Kafka has taken none for 10 s; 5 lines wait");
    }

    @Test
    void saysHowManyLinesWereLostAtOnceAndThenOnceAMinute() {
        // when
        report.look(look(10_000, 0, 3, 1), seconds(1));
        report.look(look(10_000, 0, 500, 2), seconds(2));
        report.look(look(10_000, 0, 700, 3), seconds(61));

        // then
        assertThat(said)
                .containsExactly(
                        "3 lines of output were lost on the way to topic 'respawn.output': more came than Kafka took",
                        "697 lines of output were lost on the way to topic 'respawn.output': more came than Kafka took");
    }

    private static Look look(int outstanding, long forwarded, long lost, int silence) {
        return new Look(outstanding, forwarded, lost, Duration.ofSeconds(silence));
    }

    private static long seconds(int count) {
        return Duration.ofSeconds(count).toNanos();
    }
}
