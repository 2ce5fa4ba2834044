package io.respawn.kafka;

import io.smallrye.reactive.messaging.connector.InboundConnector;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Feeds a channel with the commands that the session reads. The stock connector cannot begin at a position that is known
 * only once the state is restored.
 */
@ApplicationScoped
@Connector(CommandConnector.NAME)
public class CommandConnector implements InboundConnector {

    /** The connector's name in the configuration. */
    public static final String NAME = "respawn-commands";

    private final CommandOutlet outlet;

    @Inject
    CommandConnector(CommandOutlet outlet) {
        this.outlet = outlet;
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        return outlet.messages();
    }
}
