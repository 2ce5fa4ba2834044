package io.respawn.web;

import io.respawn.supervise.OutputReader.Entry;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Missed;
import io.respawn.supervise.OutputReader.Stream;
import io.vertx.core.json.JsonObject;

/**
 * Writes lines into an answer that is a stream of lines.
 *
 * @param json each as an object, instead of text for people
 * @param several whether lines of more than one instance are mixed, so that each names its own
 */
record LineText(boolean json, boolean several) {

    String of(Entry entry) {
        return switch (entry) {
            case Line line -> (json ? LogsView.LineView.of(line).json().encode() : text(line)) + "\n";
            case Missed missed ->
                (json ? new JsonObject().put("missed", missed.lines()).encode() : text(missed)) + "\n";
        };
    }

    private String text(Line line) {
        String mark = line.stream() == Stream.STDERR ? " ! " : " | ";
        return (several ? line.instance() + mark : "") + line.printable() + (line.cut() ? " \u2026" : "");
    }

    private static String text(Missed missed) {
        return "... " + missed.lines() + " lines are missing here: they came faster than they were read";
    }
}
