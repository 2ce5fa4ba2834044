package io.respawn.codec;

import io.respawn.core.PublicEvent;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;

/** How an event that waits for Kafka is kept. */
final class EventForm {

    private EventForm() {}

    static void write(JsonWriter json, PublicEvent event) {
        json.text("id", event.id())
                .text("type", event.type())
                .text("time", event.time().toString());
        writeData(json, event);
        json.textIfAny("traceparent", event.traceparent());
    }

    /** The part that the world reads. */
    static void writeData(JsonWriter json, PublicEvent event) {
        json.text("service", event.service())
                .number("instance", event.instance())
                .text("intent", event.intent())
                .textIfAny("action", event.action())
                .number("incarnationBefore", event.incarnationBefore())
                .number("incarnationAfter", event.incarnationAfter())
                .textIfAny("exit", event.exit())
                .textIfAny("reason", event.reason())
                .textIfAny("requestedBy", event.requestedBy())
                .textIfAny("detail", event.detail())
                .textIfAny("position", event.position());
    }

    static PublicEvent read(Fields fields) {
        return new PublicEvent(
                fields.someText("id"),
                fields.someText("type"),
                fields.someInstant("time"),
                fields.text("service").map(ServiceName::new),
                fields.maybeCount("instance"),
                fields.text("intent").map(IntentId::new),
                fields.text("action").orElse(""),
                fields.wholeNumber("incarnationBefore"),
                fields.wholeNumber("incarnationAfter"),
                fields.text("exit").orElse(""),
                fields.text("reason").orElse(""),
                fields.text("requestedBy").orElse(""),
                fields.text("detail").orElse(""),
                fields.text("position").orElse(""),
                fields.text("traceparent").orElse(""));
    }
}
