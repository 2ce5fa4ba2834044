package io.respawn.codec;

import io.respawn.core.PublicEvent;
import io.respawn.model.SidecarId;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns what the world is told into CloudEvents 1.0. */
public final class EventCodec {

    private EventCodec() {}

    public static WireEvent encode(SidecarId id, PublicEvent event) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", event.id());
        headers.put("ce_source", "/respawn/" + id);
        headers.put("ce_type", event.type());
        headers.put(
                "ce_subject", event.service().map(service -> id + "/" + service).orElse(id.value()));
        headers.put("ce_time", event.time().toString());
        headers.put("content-type", "application/json");
        if (!event.traceparent().isEmpty()) {
            headers.put("traceparent", event.traceparent());
        }
        return new WireEvent(
                headers, JsonWriter.document(json -> EventForm.writeData(json.text("sidecar", id.value()), event)));
    }
}
