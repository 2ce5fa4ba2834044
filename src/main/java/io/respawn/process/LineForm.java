package io.respawn.process;

import io.respawn.model.OutputPolicy;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;

/** Writes a line the way it is shown on the console. */
final class LineForm {

    /** Stands behind what was cut off, because it was too long, and goes on in the next line. */
    static final String CUT = " \u2026";

    private LineForm() {}

    /** The line without its end; nothing if it is not to be shown. */
    static String of(Line line, String label, OutputPolicy.Console form) {
        return switch (form) {
            case PREFIX -> prefixed(line, label);
            case JSON -> json(line);
            case NONE -> "";
        };
    }

    /** {@code web | text}, or {@code web ! text} for standard error. */
    private static String prefixed(Line line, String label) {
        String mark = line.stream() == Stream.STDERR ? " ! " : " | ";
        return label + mark + line.printable() + (line.cut() ? CUT : "");
    }

    private static String json(Line line) {
        StringBuilder json = new StringBuilder(line.text().length() + 120);
        json.append("{\"time\":\"").append(line.at());
        json.append("\",\"service\":\"").append(line.instance().service());
        json.append("\",\"instance\":").append(line.instance().index());
        json.append(",\"stream\":\"").append(line.stream().word());
        json.append("\",\"text\":\"");
        quote(line.text(), json);
        return json.append(line.cut() ? "\",\"cut\":true}" : "\"}").toString();
    }

    /** What JSON itself wants escaped, and what a terminal would obey. */
    private static void quote(String text, StringBuilder json) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\t') {
                json.append("\\t");
            } else if (c < 0x20
                    || (c >= 0x7f && c < 0xa0)
                    || (c >= 0x2028 && c <= 0x202e)
                    || (c >= 0x2066 && c <= 0x2069)) {
                json.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            } else {
                json.append(c);
            }
        }
    }
}
