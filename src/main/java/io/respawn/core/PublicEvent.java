package io.respawn.core;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the world is told: the content of one CloudEvent on {@code respawn.events}.
 *
 * @param id fixed when the event is made, so that a repeat is recognisable: intent id + phase, or
 *     {@code <sidecar>/<epoch>/<seq>/<ordinal>}
 * @param type {@code io.respawn.intent.accepted.v1} and so on
 * @param exit words for how the process ended
 * @param reason why, in the words of whoever wanted it
 * @param detail what a person should know or do next
 */
public record PublicEvent(
        String id,
        String type,
        Instant time,
        Optional<ServiceName> service,
        OptionalInt instance,
        Optional<IntentId> intent,
        String action,
        OptionalLong incarnationBefore,
        OptionalLong incarnationAfter,
        String exit,
        String reason,
        String requestedBy,
        String detail,
        String position,
        String traceparent) {

    /** Type of an event about an intent. */
    public static String intentType(String phase) {
        return "io.respawn.intent." + phase + ".v1";
    }

    /** Type of an event about a service instance. */
    public static String serviceType(String happening) {
        return "io.respawn.service." + happening + ".v1";
    }

    /** Type of an event about the sidecar. */
    public static String sidecarType(String happening) {
        return "io.respawn.sidecar." + happening + ".v1";
    }

    /** Something about an instance; intent and incarnations are those given. */
    static PublicEvent ofInstance(
            String id, String happening, Instant time, Instance instance, String exit, String detail) {
        InstanceId name = instance.id();
        return new PublicEvent(
                id,
                serviceType(happening),
                time,
                Optional.of(name.service()),
                OptionalInt.of(name.index()),
                instance.intent(),
                "",
                OptionalLong.empty(),
                OptionalLong.of(instance.incarnation()),
                exit,
                "",
                "",
                detail,
                "",
                "");
    }

    /** Something about the sidecar itself. */
    public static PublicEvent ofSidecar(String id, String happening, Instant time, String detail) {
        return new PublicEvent(
                id,
                sidecarType(happening),
                time,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "",
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                "",
                "",
                detail,
                "",
                "");
    }
}
