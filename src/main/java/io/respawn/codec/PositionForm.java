package io.respawn.codec;

import io.respawn.model.Position;

/** How a position on a topic is written. */
final class PositionForm {

    private PositionForm() {}

    static void write(JsonWriter json, Position position) {
        json.text("topic", position.topic())
                .number("partition", position.partition())
                .number("offset", position.offset());
    }

    static Position read(Fields fields) {
        return new Position(fields.someText("topic"), fields.someCount("partition"), fields.number("offset"));
    }
}
