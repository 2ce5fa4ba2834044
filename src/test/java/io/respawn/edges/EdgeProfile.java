package io.respawn.edges;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import io.respawn.web.CommandParser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The framework with a loop that a test controls, on ports that are free. */
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
                "respawn.http.allowed-hosts",
                "sidecar.example");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Beans.class);
    }

    /** Stands in for what the application makes of its configuration. */
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
        CommandParser parser() {
            return Beans::parse;
        }

        private static Command parse(
                byte[] json, String source, IntentId idIfNone, Optional<CommandParser.Addressed> addressed) {
            JsonObject body;
            try {
                body = json.length == 0 ? new JsonObject() : new JsonObject(Buffer.buffer(json));
            } catch (DecodeException broken) {
                throw new IllegalArgumentException("Cannot read the command: it is no JSON object", broken);
            }
            return new Command(
                    Optional.ofNullable(body.getString("id")).map(IntentId::new).orElse(idIfNone),
                    source,
                    addressed
                            .map(CommandParser.Addressed::action)
                            .or(() -> Action.parse(body.getString("action", "")))
                            .orElseThrow(() -> new IllegalArgumentException("Cannot read the command: no action")),
                    addressed
                            .map(CommandParser.Addressed::service)
                            .or(() -> Optional.ofNullable(body.getString("service"))
                                    .map(ServiceName::new)),
                    OptionalInt.empty(),
                    Signal.parse(body.getString("signal", "")),
                    Optional.empty(),
                    body.getString("reason", ""),
                    "",
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    WaitFor.STARTED,
                    Optional.empty(),
                    false,
                    "",
                    body.encode().hashCode());
        }
    }
}
