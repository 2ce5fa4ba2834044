package io.respawn.supervise;

import io.respawn.core.PublicEvent;
import java.util.StringJoiner;

/** The log line for a public event: a constant part that says what, and fixed keys that say which. */
final class Lines {

    private Lines() {}

    static String of(PublicEvent event) {
        String[] parts = event.type().split("\\.", -1);
        StringJoiner line = new StringJoiner(" ");
        line.add(parts.length > 3 ? parts[2] + " " + parts[3] : event.type());
        event.service().ifPresent(service -> line.add("service=" + service));
        if (event.instance().isPresent() && event.instance().getAsInt() > 0) {
            line.add("instance=" + event.instance().getAsInt());
        }
        event.incarnationAfter().ifPresent(incarnation -> line.add("incarnation=" + incarnation));
        event.intent().ifPresent(intent -> line.add("intent=" + intent));
        word(line, "action", event.action());
        word(line, "exit", event.exit());
        word(line, "by", event.requestedBy());
        word(line, "reason", event.reason());
        word(line, "detail", event.detail());
        return line.toString();
    }

    private static void word(StringJoiner line, String key, String value) {
        if (!value.isEmpty()) {
            line.add(value.indexOf(' ') < 0 ? key + "=" + value : key + "=\"" + value + "\"");
        }
    }
}
