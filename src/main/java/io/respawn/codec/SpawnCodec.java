package io.respawn.codec;

import io.respawn.core.Event.Noted;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.function.Consumer;

/** The form of the notes that the spawner makes of a process that it started, or is about to start. */
public final class SpawnCodec {

    private final Consumer<String> unknown;

    /**
     * A codec.
     *
     * @param unknown is told the name of each field that was skipped
     */
    public SpawnCodec(Consumer<String> unknown) {
        this.unknown = unknown;
    }

    public byte[] encode(Noted note) {
        return JsonWriter.document(json -> json.number("schema", RecordCodec.SCHEMA)
                .text("service", note.instance().service().value())
                .number("index", note.instance().index())
                .number("incarnation", note.incarnation())
                .text("intent", note.intent())
                .object("process", note.process(), ProcessForm::write));
    }

    /** Reads a note, or says in a {@link CodecException} why it cannot be read. */
    public Noted decode(byte[] bytes) {
        return Fields.of("a spawn note", bytes, unknown)
                .schema(RecordCodec.SCHEMA)
                .as(fields -> new Noted(
                        new InstanceId(new ServiceName(fields.someText("service")), fields.someCount("index")),
                        fields.number("incarnation"),
                        fields.text("intent").map(IntentId::new),
                        fields.object("process").map(process -> process.as(ProcessForm::read))));
    }
}
