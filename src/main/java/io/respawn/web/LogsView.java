package io.respawn.web;

import io.respawn.model.ServiceName;
import io.respawn.supervise.OutputReader.Line;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a service wrote last.
 *
 * @param service which one
 * @param lines the oldest first
 */
public record LogsView(String service, List<LineView> lines) {

    /**
     * A line.
     *
     * @param time when it was read
     * @param service that wrote it
     * @param instance of the service
     * @param number counts the lines of the instance from 1
     * @param stream stdout or stderr
     * @param text as it was written
     * @param cut whether it goes on in the next line, because it was too long
     */
    public record LineView(
            String time, String service, int instance, long number, String stream, String text, boolean cut) {

        static LineView of(Line line) {
            return new LineView(
                    line.at().toString(),
                    line.instance().service().value(),
                    line.instance().index(),
                    line.number(),
                    line.stream().word(),
                    line.text(),
                    line.cut());
        }

        JsonObject json() {
            return new JsonObject()
                    .put("time", time)
                    .put("service", service)
                    .put("instance", instance)
                    .put("number", number)
                    .put("stream", stream)
                    .put("text", text)
                    .put("cut", cut);
        }
    }

    static LogsView of(ServiceName service, List<Line> lines) {
        return new LogsView(service.value(), lines.stream().map(LineView::of).toList());
    }
}
