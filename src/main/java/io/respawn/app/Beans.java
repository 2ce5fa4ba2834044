package io.respawn.app;

import io.respawn.codec.CodecException;
import io.respawn.codec.CommandCodec;
import io.respawn.kafka.CommandOutlet;
import io.respawn.kafka.KafkaSettings;
import io.respawn.model.Plan;
import io.respawn.model.RespawnTriggers;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Configured;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.OutputReader;
import io.respawn.supervise.PlanInForce;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Supervision;
import io.respawn.web.CommandParser;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;

/** Hands the parts of the core to the edges. */
final class Beans {

    /** Stands where there is no core, which is in tests of the edges. */
    private static final SidecarId NOBODY = new SidecarId("nobody");

    /** The same where nobody plans. */
    private record NoPlan() implements PlanInForce {
        @Override
        public Plan plan() {
            return new Plan(NOBODY, Map.of(), new TreeMap<>());
        }

        @Override
        public void onChange(Runnable news) {}
    }

    Beans() {}

    @Produces
    @Singleton
    Supervision supervision() {
        return Core.current().supervision();
    }

    @Produces
    @Singleton
    EventSink events() {
        return event -> Core.current().accept(event);
    }

    @Produces
    @Singleton
    OutputReader output() {
        return Core.current().output();
    }

    @Produces
    @Singleton
    Statistics statistics() {
        return Core.find().map(Core::statistics).orElseGet(Statistics::new);
    }

    @Produces
    @Singleton
    Configured configured() {
        return Core.current().reconfiguration();
    }

    @Produces
    @Singleton
    PlanInForce planInForce() {
        return Core.find().<PlanInForce>map(Core::reconfiguration).orElseGet(NoPlan::new);
    }

    @Produces
    @Singleton
    RespawnTriggers triggers() {
        return Core.find().map(core -> core.settings().triggers()).orElse(RespawnTriggers.DEFAULT);
    }

    @Produces
    @Singleton
    CommandOutlet outlet() {
        return new CommandOutlet(CommandOutlet.DEFAULT_LIMIT);
    }

    @Produces
    @Singleton
    CommandCodec codec() {
        String broadcast = KafkaSettings.Topics.DEFAULT.broadcast();
        return Core.find()
                .map(core ->
                        new CommandCodec(core.plan().id(), () -> core.plan().labels(), broadcast))
                .orElseGet(() -> new CommandCodec(NOBODY, Map.of(), broadcast));
    }

    @Produces
    @Singleton
    CommandParser parser(CommandCodec codec) {
        return (json, source, id, addressed) -> {
            try {
                return addressed
                        .map(to -> codec.readBody(json, source, id, to.action(), to.service()))
                        .orElseGet(() -> codec.readBody(json, source, id));
            } catch (CodecException notACommand) {
                throw new IllegalArgumentException(notACommand.reason(), notACommand);
            }
        };
    }
}
