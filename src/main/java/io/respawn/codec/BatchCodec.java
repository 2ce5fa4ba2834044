package io.respawn.codec;

import io.respawn.core.Batch;
import io.respawn.core.Intent;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.function.Consumer;

/** The form of whole batches: what the local journal keeps and what rides in a capsule. */
public final class BatchCodec {

    private final Consumer<String> unknown;

    /**
     * A codec.
     *
     * @param unknown is told the name of each field that was skipped
     */
    public BatchCodec(Consumer<String> unknown) {
        this.unknown = unknown;
    }

    public byte[] encode(Batch batch) {
        return JsonWriter.document(json -> json.number("schema", RecordCodec.SCHEMA)
                .object("ledger", ledger -> LedgerForm.write(ledger, batch.ledger()))
                .array("records", batch.records(), BatchCodec::writeRecord)
                .array("events", batch.events(), EventForm::write)
                .array("deadLetters", batch.deadLetters(), DeadLetterForm::write));
    }

    /** Reads a batch, or says in a {@link CodecException} why it cannot be read. */
    public Batch decode(byte[] bytes) {
        return Fields.of("a batch", bytes, unknown)
                .schema(RecordCodec.SCHEMA)
                .as(fields -> new Batch(
                        fields.someObject("ledger").as(LedgerForm::read),
                        fields.objects("records").stream()
                                .map(record -> record.as(BatchCodec::readRecord))
                                .toList(),
                        fields.objects("events").stream()
                                .map(event -> event.as(EventForm::read))
                                .toList(),
                        fields.objects("deadLetters").stream()
                                .map(letter -> letter.as(DeadLetterForm::read))
                                .toList()));
    }

    private static void writeRecord(JsonWriter json, StateRecord record) {
        switch (record) {
            case Service service -> json.object("service", inner -> ServiceForm.write(inner, service));
            case Intent intent -> json.object("intent", inner -> IntentForm.write(inner, intent));
            case StateRecord.ServiceTombstone(ServiceName name) -> json.text("serviceTombstone", name.value());
            case StateRecord.IntentTombstone(IntentId id) -> json.text("intentTombstone", id.value());
        }
    }

    private static StateRecord readRecord(Fields fields) {
        return fields.object("service")
                .map(service -> (StateRecord) service.as(ServiceForm::read))
                .or(() -> fields.object("intent").map(intent -> intent.as(IntentForm::read)))
                .or(() -> fields.text("serviceTombstone")
                        .map(name -> new StateRecord.ServiceTombstone(new ServiceName(name))))
                .or(() -> fields.text("intentTombstone").map(id -> new StateRecord.IntentTombstone(new IntentId(id))))
                .orElseThrow(() -> new CodecException(
                        "Cannot read a record of a batch: it is neither service, intent nor tombstone"));
    }
}
