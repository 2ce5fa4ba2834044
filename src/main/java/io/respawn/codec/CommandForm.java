package io.respawn.codec;

import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * How a command is written. Its content, which is what is wanted and by whom, has one form: in records, on the topic and
 * under the hash that tells a repeat from another command with the same id.
 */
final class CommandForm {

    /** What names and describes a command outside its content. */
    record Frame(
            IntentId id, String source, String traceparent, Optional<Action> action, Optional<ServiceName> service) {}

    private CommandForm() {}

    /** The form in records. */
    static void write(JsonWriter json, Command command) {
        json.text("id", command.id().value()).textIfAny("source", command.source());
        writeContent(json, command);
        json.textIfAny("traceparent", command.traceparent()).number("bodyHash", command.bodyHash());
    }

    static Command read(Fields fields) {
        Frame frame = new Frame(
                new IntentId(fields.someText("id")),
                fields.text("source").orElse(""),
                fields.text("traceparent").orElse(""),
                Optional.empty(),
                Optional.empty());
        return readContent(fields, frame).hashed(fields.number("bodyHash", 0));
    }

    static void writeContent(JsonWriter json, Command command) {
        json.text("action", command.action().word())
                .text("service", command.service())
                .number("instance", command.instance())
                .number("instances", command.instances())
                .text("signal", command.signal().map(Signal::name))
                .text("intent", command.target())
                .textIfAny("reason", command.reason())
                .textIfAny("requestedBy", command.requestedBy())
                .number("priority", command.priority())
                .text("notBefore", command.notBefore())
                .text("expiresAt", command.expiresAt())
                .number("ifIncarnation", command.ifIncarnation())
                .text("wait", command.waitFor().word())
                .text("gracePeriod", command.gracePeriod())
                .flag("force", command.force());
    }

    /** The command whose content is in these fields, without a hash. */
    static Command readContent(Fields fields, Frame frame) {
        return new Command(
                frame.id(),
                frame.source(),
                fields.text("action")
                        .map(word -> Action.parse(word)
                                .orElseThrow(() -> fields.wrong("action", word, "is none of " + Action.WORDS)))
                        .or(frame::action)
                        .orElseThrow(() ->
                                new CodecException(fields.missing("action").reason() + "; add one of " + Action.WORDS)),
                fields.text("service").map(ServiceName::new).or(frame::service),
                fields.maybeCount("instance"),
                fields.maybeCount("instances"),
                fields.text("signal")
                        .map(word -> Signal.parse(word)
                                .orElseThrow(
                                        () -> fields.wrong("signal", word, "is no signal; for example HUP or TERM"))),
                fields.text("intent").map(IntentId::new),
                fields.text("reason").orElse(""),
                fields.text("requestedBy").orElse(""),
                fields.count("priority", 0),
                fields.instant("notBefore"),
                fields.instant("expiresAt"),
                fields.wholeNumber("ifIncarnation"),
                fields.has("wait") ? fields.word("wait", WaitFor.values()) : WaitFor.STARTED,
                fields.duration("gracePeriod"),
                fields.flag("force"),
                frame.traceparent(),
                0);
    }

    /** 64 bits over the content: the same for a repeat, whatever road, position or trace it comes with. */
    static long hash(Command command) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(JsonWriter.document(json -> writeContent(json, command)));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Cannot hash a command: this Java has no SHA-256", impossible);
        }
    }
}
