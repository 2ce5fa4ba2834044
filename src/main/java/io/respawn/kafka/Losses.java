package io.respawn.kafka;

import io.respawn.core.CommandTopics;
import io.respawn.core.Ledger;
import io.respawn.supervise.Statistics;
import org.jboss.logging.Logger;

/** Says what the command topics do not have any more, though a ledger tells of it. */
final class Losses {

    private static final Logger LOG = Logger.getLogger(Losses.class);

    private final Statistics statistics;

    Losses(Statistics statistics) {
        this.statistics = statistics;
    }

    void of(CommandTopics commands, Ledger ledger) {
        commands.ids().keySet().stream()
                .filter(topic -> commands.isAnew(topic, ledger))
                .forEach(topic -> {
                    statistics.fault("commands-may-be-lost");
                    LOG.errorf(
                            "Topic '%s' was created anew: commands that only the old one had are lost; if it is a"
                                    + " command topic, reading goes on at the beginning of the new one",
                            topic);
                });
        commands.positionsOf(ledger).forEach((partition, next) -> {
            long known = ledger.positions().getOrDefault(partition, next);
            if (known > next) {
                statistics.fault("commands-may-be-lost");
                LOG.errorf(
                        "Cannot read commands of %s from offset %d, it ends at %d: the topic has lost its end, and"
                                + " perhaps commands; reading goes on there",
                        partition, known, next);
            }
        });
    }
}
