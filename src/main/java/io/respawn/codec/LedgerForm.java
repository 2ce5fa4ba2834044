package io.respawn.codec;

import io.respawn.core.Ledger;
import io.respawn.core.Lineage;
import io.respawn.model.HostIdentity;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a ledger is written. */
final class LedgerForm {

    private LedgerForm() {}

    static void write(JsonWriter json, Ledger ledger) {
        json.number("epoch", ledger.epoch())
                .number("seq", ledger.seq())
                .object(
                        "host",
                        host -> host.text("bootId", ledger.host().bootId())
                                .number("pidNamespace", ledger.host().pidNamespace()))
                .object("positions", positions -> ledger.positions().forEach(positions::number))
                .number("nextOrder", ledger.nextOrder());
        if (!ledger.limiters().isEmpty()) {
            json.object(
                    "limiters",
                    limiters -> ledger.limiters().forEach((name, at) -> limiters.text(name, at.toString())));
        }
        if (!ledger.lineage().lives().isEmpty()) {
            json.object(
                    "lives",
                    lives -> ledger.lineage().lives().forEach((seq, life) -> lives.text(seq.toString(), life)));
        }
        if (!ledger.topics().isEmpty()) {
            json.object("topics", topics -> ledger.topics().forEach(topics::text));
        }
        if (ledger.generation() > 0) {
            json.number("generation", ledger.generation());
        }
        if (ledger.floor() > 0) {
            json.number("floor", ledger.floor());
        }
    }

    static Ledger read(Fields fields) {
        Fields host = fields.someObject("host");
        return new Ledger(
                fields.number("epoch"),
                fields.number("seq"),
                host.as(f -> new HostIdentity(f.someText("bootId"), f.number("pidNamespace"))),
                fields.object("positions").map(LedgerForm::positions).orElseGet(TreeMap::new),
                fields.number("nextOrder", 0),
                fields.object("limiters").map(LedgerForm::limiters).orElseGet(TreeMap::new),
                fields.object("lives").map(LedgerForm::lineage).orElse(Lineage.NONE),
                fields.object("topics").map(LedgerForm::topics).orElseGet(TreeMap::new),
                fields.number("generation", 0),
                fields.number("floor", 0));
    }

    private static Lineage lineage(Fields fields) {
        SortedMap<Long, String> lives = new TreeMap<>();
        for (String seq : fields.names()) {
            try {
                lives.put(Long.valueOf(seq), fields.someText(seq));
            } catch (NumberFormatException noSeq) {
                throw fields.wrong("lives", seq, "is no sequence number");
            }
        }
        return new Lineage(lives);
    }

    private static SortedMap<String, Instant> limiters(Fields fields) {
        SortedMap<String, Instant> limiters = new TreeMap<>();
        fields.names().forEach(name -> limiters.put(name, fields.someInstant(name)));
        return limiters;
    }

    private static SortedMap<String, String> topics(Fields fields) {
        SortedMap<String, String> topics = new TreeMap<>();
        fields.names().forEach(name -> topics.put(name, fields.someText(name)));
        return topics;
    }

    private static SortedMap<String, Long> positions(Fields fields) {
        SortedMap<String, Long> positions = new TreeMap<>();
        fields.names().forEach(name -> positions.put(name, fields.number(name)));
        return positions;
    }
}
