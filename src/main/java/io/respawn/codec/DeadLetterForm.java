package io.respawn.codec;

import io.respawn.core.DeadLetter;
import java.util.Base64;
import java.util.Optional;

/** How a dead letter that waits for Kafka is kept; bytes as Base64. */
final class DeadLetterForm {

    private DeadLetterForm() {}

    static void write(JsonWriter json, DeadLetter letter) {
        json.object("position", position -> PositionForm.write(position, letter.position()))
                .text("key", letter.key().map(DeadLetterForm::base64))
                .text("value", letter.value().map(DeadLetterForm::base64))
                .array(
                        "headers",
                        letter.headers(),
                        (header, value) -> header.text("name", value.name()).text("value", base64(value.value())))
                .text("reason", letter.reason())
                .text("at", letter.at().toString());
    }

    static DeadLetter read(Fields fields) {
        return new DeadLetter(
                fields.someObject("position").as(PositionForm::read),
                bytes(fields, "key"),
                bytes(fields, "value"),
                fields.objects("headers").stream()
                        .map(header -> header.as(f -> new DeadLetter.Header(
                                f.someText("name"), bytes(f, "value").orElseThrow(() -> f.missing("value")))))
                        .toList(),
                fields.text("reason").orElse(""),
                fields.someInstant("at"));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Optional<byte[]> bytes(Fields fields, String name) {
        return fields.text(name).map(Base64.getDecoder()::decode);
    }
}
