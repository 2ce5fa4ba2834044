package io.respawn.codec;

import io.respawn.codec.CommandForm.Frame;
import io.respawn.codec.Reading.NotForMe;
import io.respawn.codec.Reading.Refused;
import io.respawn.codec.Reading.Understood;
import io.respawn.codec.Reading.Unreadable;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import io.respawn.model.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Understands commands, from topics and from bodies, and writes them. Whatever the bytes are, it has an answer. */
public final class CommandCodec {

    private static final String TYPE_PREFIX = "io.respawn.command.";
    private static final String TYPE_SUFFIX = ".v1";
    private static final int LONGEST_TOPIC_IN_AN_ID = 90;

    private final SidecarId me;
    private final Address address;
    private final String broadcastTopic;

    public CommandCodec(SidecarId me, Map<String, String> labels, String broadcastTopic) {
        this(me, () -> labels, broadcastTopic);
    }

    /** {@code labels} is asked for each command that selects by them. */
    public CommandCodec(SidecarId me, Supplier<Map<String, String>> labels, String broadcastTopic) {
        this.me = me;
        this.address = new Address(me, labels);
        this.broadcastTopic = broadcastTopic;
    }

    /** Reads a record of a command topic; never throws. */
    public Reading read(RawCommand raw) {
        boolean broadcast = raw.topic().equals(broadcastTopic);
        boolean keyed = !broadcast && raw.key().isPresent() && raw.key().get().length > 0;
        if (keyed && !Arrays.equals(raw.key().get(), me.value().getBytes(StandardCharsets.UTF_8))) {
            return new NotForMe(false, "its key is not '" + me + "'");
        }
        List<String> unknown = new ArrayList<>();
        Envelope envelope;
        try {
            envelope = Envelope.open(raw.value(), raw.headers(), unknown::add);
            Optional<NotForMe> notForMe =
                    keyed ? Optional.empty() : broadcast ? address.broadcast(envelope) : address.withoutKey(envelope);
            if (notForMe.isPresent()) {
                return notForMe.get();
            }
        } catch (CodecException broken) {
            return keyed ? new Unreadable(broken.reason()) : new NotForMe(true, broken.reason());
        }
        return understand(envelope, () -> fallbackId(raw), unknown);
    }

    private Reading understand(Envelope envelope, Supplier<IntentId> fallbackId, List<String> unknown) {
        IntentId id;
        try {
            id = intentId(envelope, fallbackId);
        } catch (CodecException unusable) {
            return new Unreadable(unusable.reason());
        }
        try {
            return new Understood(command(envelope, id, envelope.source()), unknown);
        } catch (CodecException impossible) {
            return new Refused(id, Text.bounded(envelope.source()), impossible.reason(), requestedBy(envelope));
        }
    }

    /**
     * Reads a body that reached us otherwise: plain JSON or a CloudEvent in structured mode.
     *
     * @throws CodecException with the reason when it is not a command that this sidecar could carry out
     */
    public Command readBody(byte[] json, String defaultSource, IntentId fallbackId) {
        return readBody(Envelope.bare(json, false, Optional.empty(), name -> {}), defaultSource, fallbackId);
    }

    /**
     * Reads a body whose action and service are said elsewhere, for example by a path; it may be empty.
     *
     * @throws CodecException with the reason when it is not a command that this sidecar could carry out
     */
    public Command readBody(
            byte[] json, String defaultSource, IntentId fallbackId, Action action, Optional<ServiceName> service) {
        byte[] object = json.length == 0 ? "{}".getBytes(StandardCharsets.US_ASCII) : json;
        Envelope bare = Envelope.bare(object, false, Optional.empty(), name -> {});
        Envelope envelope = new Envelope(
                bare.id(),
                bare.source(),
                Optional.of(TYPE_PREFIX + action.word() + TYPE_SUFFIX),
                service.map(name -> me + "/" + name),
                bare.traceparent(),
                bare.data());
        return readBody(envelope, defaultSource, fallbackId);
    }

    private Command readBody(Envelope envelope, String defaultSource, IntentId fallbackId) {
        envelope.data().object("selector").flatMap(address::notSelected).ifPresent(other -> {
            throw new CodecException("Cannot take this command here: " + other.detail()
                    + " the labels of this sidecar; leave the selector out, or broadcast the command by Kafka");
        });
        IntentId id = intentId(envelope, () -> fallbackId);
        return command(envelope, id, envelope.source().isEmpty() ? defaultSource : envelope.source());
    }

    private static IntentId intentId(Envelope envelope, Supplier<IntentId> fallbackId) {
        try {
            return envelope.id().map(IntentId::new).orElseGet(fallbackId);
        } catch (IllegalArgumentException unusable) {
            throw new CodecException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** The plain JSON form; with a sidecar when the record's key will not say it. */
    public byte[] encode(Command command, Optional<SidecarId> sidecar) {
        return JsonWriter.document(json -> {
            json.text("id", command.id().value()).text("sidecar", sidecar);
            CommandForm.writeContent(json, command);
            json.textIfAny("traceparent", command.traceparent());
        });
    }

    private Command command(Envelope envelope, IntentId id, String source) {
        return envelope.data().as(fields -> {
            fields.known("id", "selector");
            Optional<String> named = Address.named(envelope);
            if (named.isPresent() && !named.get().equals(me.value())) {
                throw new CodecException("Cannot take a command for '" + Text.shown(named.get()) + "' under the key '"
                        + me + "': let both name the same sidecar");
            }
            Frame frame = new Frame(
                    id,
                    source,
                    fields.text("traceparent").or(envelope::traceparent).orElse(""),
                    envelope.type().flatMap(CommandCodec::actionOf),
                    envelope.subject().flatMap(CommandCodec::serviceOf));
            Command command = CommandForm.readContent(fields, frame);
            checkAgreement("action", frame.action(), command.action());
            frame.service()
                    .ifPresent(service -> checkAgreement(
                            "service", Optional.of(service), command.service().orElse(service)));
            return CommandRules.checked(command).hashed(CommandForm.hash(command));
        });
    }

    private static void checkAgreement(String what, Optional<?> wrapping, Object content) {
        if (wrapping.isPresent() && !wrapping.get().equals(content)) {
            throw new CodecException("Cannot tell which " + what + " is meant: the field '" + what
                    + "' and the wrapping" + " of the command differ");
        }
    }

    private static Optional<Action> actionOf(String type) {
        if (!type.startsWith(TYPE_PREFIX)) {
            return Optional.empty();
        }
        int end = type.endsWith(TYPE_SUFFIX) ? type.length() - TYPE_SUFFIX.length() : -1;
        Optional<Action> action =
                end < TYPE_PREFIX.length() ? Optional.empty() : Action.parse(type.substring(TYPE_PREFIX.length(), end));
        if (action.isEmpty()) {
            throw new CodecException("Cannot read a command of type '" + Text.shown(type) + "': it is " + TYPE_PREFIX
                    + "<action>" + TYPE_SUFFIX + " with one of " + Action.WORDS);
        }
        return action;
    }

    private static Optional<ServiceName> serviceOf(String subject) {
        String[] parts = subject.split("/", 2);
        return parts.length == 2 ? Optional.of(new ServiceName(parts[1])) : Optional.empty();
    }

    private static String requestedBy(Envelope envelope) {
        try {
            return Text.bounded(envelope.data().text("requestedBy").orElse(""));
        } catch (CodecException notText) {
            // The refusal has its reason already; who asked for it simply stays unsaid.
            return "";
        }
    }

    private static IntentId fallbackId(RawCommand raw) {
        String topic = raw.topic();
        String tail = topic.substring(Math.max(0, topic.length() - LONGEST_TOPIC_IN_AN_ID));
        return new IntentId(tail + "-" + raw.partition() + "-" + raw.offset());
    }
}
