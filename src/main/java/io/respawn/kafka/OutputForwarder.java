package io.respawn.kafka;

import io.respawn.codec.OutputCodec;
import io.respawn.codec.OutputCodec.OutputLine;
import io.respawn.codec.WireEvent;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Forwarding;
import io.respawn.supervise.Insistence;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.Statistics;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Sends the lines of services that are to be forwarded into the channel {@value #CHANNEL}, whose connector is the stock one
 * (ADR 32). There is neither a thread nor a producer before there is a line.
 */
@Singleton
public final class OutputForwarder {

    /** The channel's name in the configuration. */
    public static final String CHANNEL = "respawn-output";

    private static final String TOPIC = "mp.messaging.outgoing." + CHANNEL + ".topic";
    private static final CompletionStage<Void> NOTHING_MORE = CompletableFuture.completedFuture(null);

    private final Emitter<byte[]> channel;
    private final String topic;
    private final Statistics statistics;
    private volatile Optional<ForwardPump> pump = Optional.empty();

    @Inject
    OutputForwarder(
            @Channel(CHANNEL) Emitter<byte[]> channel,
            @ConfigProperty(name = TOPIC) String topic,
            Statistics statistics) {
        this.channel = channel;
        this.topic = topic;
        this.statistics = statistics;
    }

    /** Sends these lines from now on. */
    public void begin(SidecarId id, KafkaSettings settings, Forwarding lines) {
        ForwardReport report = new ForwardReport(topic, statistics);
        ForwardPump begun = new ForwardPump(
                lines,
                new OutputTopic(id, settings, topic)::ensure,
                report,
                item -> Insistence.on(statistics, () -> send(id, item, lines, report)));
        pump = Optional.of(begun);
        lines.whenFirst(begun::start);
    }

    private void send(SidecarId id, Forwarding.Item item, Forwarding lines, ForwardReport report) {
        Line line = item.line().line();
        WireEvent event = OutputCodec.encode(
                id,
                new OutputLine(
                        line.instance(),
                        item.line().incarnation(),
                        line.number(),
                        line.at(),
                        line.stream().word(),
                        line.text(),
                        line.cut()));
        RecordHeaders headers = new RecordHeaders();
        event.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        Metadata metadata = Metadata.of(OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(OutputCodec.key(id, line.instance()))
                .withTimestamp(line.at())
                .withHeaders(headers)
                .build());
        channel.send(Message.of(
                event.data(),
                metadata,
                () -> {
                    lines.arrived(item);
                    return NOTHING_MORE;
                },
                failure -> {
                    report.failed(failure);
                    if (Refusals.isForGood(failure)) {
                        lines.refused(item);
                    } else {
                        lines.failed(item);
                    }
                    return NOTHING_MORE;
                }));
    }

    /** Sends nothing more; what has not arrived waits for whoever sends next. */
    public void end() {
        pump.ifPresent(ForwardPump::end);
        pump = Optional.empty();
    }
}
