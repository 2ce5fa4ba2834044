package io.respawn.edges;

import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;

/** The framework and the beans of the application, with a loop that a test controls, on ports that are free. */
public final class EdgeProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.http.test-port",
                "0",
                "quarkus.management.test-port",
                "0",
                "quarkus.http.limits.max-body-size",
                "64K",
                // Takes the place of our own connector: a test sends what Kafka would bring.
                "mp.messaging.incoming.commands.connector",
                "smallrye-in-memory",
                "respawn.http.allowed-hosts",
                "sidecar.example");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Beans.class);
    }

    /** Stands in for the core, which no test of an edge starts. */
    @Alternative
    @Singleton
    public static final class Beans {

        @Produces
        @Singleton
        FakeSupervision supervision() {
            return new FakeSupervision();
        }

        @Produces
        @Singleton
        FakeOutput output() {
            return new FakeOutput();
        }

        @Produces
        @Singleton
        FakeConfiguration configuration() {
            return new FakeConfiguration();
        }

        @Produces
        @Singleton
        EventNotes events() {
            return new EventNotes();
        }
    }
}
