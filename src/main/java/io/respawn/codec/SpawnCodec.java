package io.respawn.codec;

import io.respawn.core.Event.Found;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.function.Consumer;

/** The form of the note that the spawner makes of a new process. */
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

    public byte[] encode(Found note) {
        return JsonWriter.document(json -> json.number("schema", RecordCodec.SCHEMA)
                .text("service", note.instance().service().value())
                .number("index", note.instance().index())
                .number("incarnation", note.incarnation())
                .text("intent", note.intent())
                .object("process", process -> ProcessForm.write(process, note.process())));
    }

    /** Reads a note, or says in a {@link CodecException} why it cannot be read. */
    public Found decode(byte[] bytes) {
        return Fields.of("a spawn note", bytes, unknown)
                .schema(RecordCodec.SCHEMA)
                .as(fields -> new Found(
                        new InstanceId(new ServiceName(fields.someText("service")), fields.someCount("index")),
                        fields.number("incarnation"),
                        fields.someObject("process").as(ProcessForm::read),
                        fields.text("intent").map(IntentId::new)));
    }
}
