package io.respawn.codec;

import io.respawn.core.InstanceState;
import io.respawn.core.InstanceState.BackingOff;
import io.respawn.core.InstanceState.Completed;
import io.respawn.core.InstanceState.Exhausted;
import io.respawn.core.InstanceState.Killing;
import io.respawn.core.InstanceState.Live;
import io.respawn.core.InstanceState.Ready;
import io.respawn.core.InstanceState.Running;
import io.respawn.core.InstanceState.Starting;
import io.respawn.core.InstanceState.StopCause;
import io.respawn.core.InstanceState.Stopped;
import io.respawn.core.InstanceState.Terminating;
import io.respawn.core.InstanceState.Waiting;
import io.respawn.model.ProcessIdentity;
import java.time.Instant;

/** How the state of an instance is written: its word, and the data that this state has. */
final class InstanceStateForm {

    private InstanceStateForm() {}

    static void write(JsonWriter json, InstanceState state) {
        json.text("is", state.word());
        switch (state) {
            case Stopped ignored -> {}
            case Waiting waiting -> time(json, "since", waiting.since());
            case Starting starting ->
                time(json, "since", starting.since())
                        .flag("abort", starting.abort())
                        .flagIfSet("heard", starting.heard());
            case Running running -> live(json, running).flagIfSet("awaited", running.awaited());
            case Ready ready -> time(live(json, ready), "readyAt", ready.readyAt());
            case Terminating stopping -> {
                JsonWriter written = time(live(json, stopping), "deadline", stopping.deadline());
                if (stopping.step() > 0) {
                    written.number("step", stopping.step());
                }
                written.word("cause", stopping.cause());
            }
            case Killing stopping ->
                time(live(json, stopping), "deadline", stopping.deadline()).word("cause", stopping.cause());
            case BackingOff backingOff ->
                time(json, "deadline", backingOff.deadline()).text("reason", backingOff.reason());
            case Exhausted exhausted ->
                time(json, "since", exhausted.since())
                        .text("reason", exhausted.reason())
                        .text("retryAt", exhausted.retryAt());
            case Completed completed ->
                json.object("exit", exit -> ExitForm.write(exit, completed.exit()))
                        .flag("successful", completed.successful());
        }
    }

    static InstanceState read(Fields fields) {
        String word = fields.someText("is");
        return switch (word) {
            case "stopped" -> new Stopped();
            case "waiting" -> new Waiting(fields.someInstant("since"));
            case "starting" -> new Starting(fields.someInstant("since"), fields.flag("abort"), fields.flag("heard"));
            case "running" -> new Running(process(fields), startedAt(fields), fields.flag("awaited"));
            case "ready" -> new Ready(process(fields), startedAt(fields), fields.someInstant("readyAt"));
            case "terminating" ->
                new Terminating(
                        process(fields),
                        startedAt(fields),
                        fields.someInstant("deadline"),
                        fields.count("step", 0),
                        cause(fields));
            case "killing" ->
                new Killing(process(fields), startedAt(fields), fields.someInstant("deadline"), cause(fields));
            case "backing-off" -> new BackingOff(fields.someInstant("deadline"), reason(fields));
            case "exhausted" -> new Exhausted(fields.someInstant("since"), reason(fields), fields.instant("retryAt"));
            case "completed" -> new Completed(fields.someObject("exit").as(ExitForm::read), fields.flag("successful"));
            default -> throw fields.wrong("is", word, "is no state that this version knows");
        };
    }

    private static JsonWriter live(JsonWriter json, Live live) {
        return time(
                json.object("process", process -> ProcessForm.write(process, live.process())),
                "startedAt",
                live.startedAt());
    }

    private static JsonWriter time(JsonWriter json, String name, Instant instant) {
        return json.text(name, instant.toString());
    }

    private static ProcessIdentity process(Fields fields) {
        return fields.someObject("process").as(ProcessForm::read);
    }

    private static Instant startedAt(Fields fields) {
        return fields.someInstant("startedAt");
    }

    private static StopCause cause(Fields fields) {
        return fields.word("cause", StopCause.values());
    }

    private static String reason(Fields fields) {
        return fields.text("reason").orElse("");
    }
}
