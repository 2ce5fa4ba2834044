package io.respawn.codec;

import io.respawn.core.Intent;
import io.respawn.core.Ledger;
import io.respawn.core.Service;
import io.respawn.core.StateRecord;
import io.respawn.model.Text;
import java.util.function.Consumer;

/** The form of single records: the values on the state topic. */
public final class RecordCodec {

    /** The schema that this version writes and reads. */
    public static final int SCHEMA = 1;

    private final Consumer<String> unknown;

    /**
     * A codec.
     *
     * @param unknown is told the name of each field that was skipped, as in {@code instances.colour}
     */
    public RecordCodec(Consumer<String> unknown) {
        this.unknown = unknown;
    }

    public byte[] encode(Ledger ledger) {
        return JsonWriter.document(json -> LedgerForm.write(json.number("schema", SCHEMA), ledger));
    }

    /**
     * Writes a record's value.
     *
     * @throws IllegalArgumentException for a tombstone, whose value is null
     */
    public byte[] encode(StateRecord record) {
        return JsonWriter.document(json -> {
            json.number("schema", SCHEMA);
            switch (record) {
                case Service service -> ServiceForm.write(json, service);
                case Intent intent -> IntentForm.write(json, intent);
                case StateRecord.ServiceTombstone tombstone -> throw noValue(tombstone);
                case StateRecord.IntentTombstone tombstone -> throw noValue(tombstone);
            }
        });
    }

    private static IllegalArgumentException noValue(StateRecord tombstone) {
        return new IllegalArgumentException(
                "Cannot write the tombstone of '" + tombstone.key() + "' as a value: its value is null");
    }

    /** Reads a ledger, or says in a {@link CodecException} why it cannot be read. */
    public Ledger decodeLedger(byte[] value) {
        return Fields.of("a ledger", value, unknown).schema(SCHEMA).as(LedgerForm::read);
    }

    /**
     * Reads a record, or says in a {@link CodecException} why it cannot be read.
     *
     * @param keySuffix the key behind the sidecar id, {@code service/<name>} or {@code intent/<id>}
     */
    public StateRecord decode(String keySuffix, byte[] value) {
        StateRecord record;
        if (keySuffix.startsWith("service/")) {
            record =
                    Fields.of("a service record", value, unknown).schema(SCHEMA).as(ServiceForm::read);
        } else if (keySuffix.startsWith("intent/")) {
            record =
                    Fields.of("an intent record", value, unknown).schema(SCHEMA).as(IntentForm::read);
        } else {
            throw new CodecException("Cannot read the record with key '" + Text.shown(keySuffix)
                    + "': it is neither a service nor an intent");
        }
        if (!record.key().equals(keySuffix)) {
            throw new CodecException("Cannot read the record with key '" + Text.shown(keySuffix)
                    + "': its content says '" + Text.shown(record.key()) + "'");
        }
        return record;
    }
}
