package io.respawn.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.respawn.codec.RecordCodec;
import io.respawn.config.Settings;
import io.respawn.core.Continuation;
import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.Ledger;
import io.respawn.kafka.CommandOutlet;
import io.respawn.kafka.KafkaSession;
import io.respawn.kafka.KafkaSettings;
import io.respawn.kafka.OutputForwarder;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Statistics;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Begins the relation with Kafka when the framework is there, and ends it with the framework. */
@Singleton
final class KafkaLife {

    private static final Logger LOG = Logger.getLogger(KafkaLife.class);

    /** For the last lines, before the broker ends, if it is a service of ours. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);

    private final CommandOutlet outlet;
    private final OutputForwarder forwarder;
    private final Statistics statistics;
    private final Map<String, Object> client;
    private volatile Optional<KafkaSession> session = Optional.empty();

    @Inject
    KafkaLife(
            CommandOutlet outlet,
            OutputForwarder forwarder,
            Statistics statistics,
            @Identifier("default-kafka-broker") Map<String, Object> client) {
        this.outlet = outlet;
        this.forwarder = forwarder;
        this.statistics = statistics;
        this.client = client;
    }

    void begin(@Observes StartupEvent started) {
        Optional<Core> withKafka =
                Core.find().filter(core -> core.settings().bootstrapServers().isPresent());
        withKafka.ifPresent(this::forward);
        withKafka
                .filter(core -> core.inherited()
                        .filter(before -> before.continuation().standing().kafka() == KafkaStatus.FENCED)
                        .isEmpty())
                .ifPresent(this::open);
    }

    private void forward(Core core) {
        forwarder.begin(
                core.plan().id(), settings(core.settings()), core.output().forwarding());
        core.withFramework(forwarder::end);
    }

    private void open(Core core) {
        RecordCodec codec = new RecordCodec(field -> statistics.fault("record-field-unknown"));
        KafkaSession opened = new KafkaSession(
                core.plan().id(), settings(core.settings()), codec, outlet, untilFlushed(core), statistics);
        session = Optional.of(opened);
        core.withFramework(opened::close);
        // Batches of before come through the attachment, in order with those of this life.
        Optional<Ledger> claimed = core.inherited()
                .map(Capsule::continuation)
                .filter(before -> before.standing().claimed())
                .map(Continuation::ledger);
        claimed.ifPresentOrElse(
                owned -> opened.resume(owned, List.of()),
                () -> opened.start(core.memory().state().ledger(), List.of()));
        core.attach(opened);
    }

    /**
     * What is left after the final flush is to end the broker, if it is a service of ours. The session ends first: nobody
     * need hear of a broker that goes away on purpose, and the local journal keeps the last records.
     */
    private EventSink untilFlushed(Core core) {
        return event -> {
            if (event instanceof Event.Flushed) {
                awaitLastLines(core);
            }
            core.accept(event);
            if (event instanceof Event.Flushed) {
                core.supervision()
                        .snapshot()
                        .subscribe()
                        .with(
                                now -> closeIf(now.sidecar() == Snapshot.Phase.STOPPING),
                                failure -> LOG.error("Cannot tell whether this was the final flush", failure));
            }
        };
    }

    private static void awaitLastLines(Core core) {
        try {
            core.output().forwarding().awaitThrough(core.output().forwarding().mark(), LAST_LINES);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeIf(boolean leaving) {
        if (leaving) {
            close();
        }
    }

    private KafkaSettings settings(Settings settings) {
        Map<String, Object> all = new HashMap<>(client);
        all.putAll(settings.kafka());
        return new KafkaSettings(
                all,
                KafkaSettings.Topics.DEFAULT,
                settings.statePartitions(),
                switch (settings.firstPosition()) {
                    case LATEST -> KafkaSettings.FirstPosition.LATEST;
                    case EARLIEST -> KafkaSettings.FirstPosition.EARLIEST;
                },
                settings.createTopics(),
                -1,
                settings.heartbeat());
    }

    /** Where the JVM is on its way out the services come first: they are stopped under the eyes of log, API and Kafka. */
    void end(@Observes ShutdownEvent stopped) {
        if (DevMode.isJvmEnding()) {
            Core.find().map(Core::departure).ifPresent(Departure::awaitInTime);
        }
        forwarder.end();
        close();
    }

    private void close() {
        session.ifPresent(open -> {
            LOG.debug("Closing the relation with Kafka");
            open.close();
        });
    }
}
