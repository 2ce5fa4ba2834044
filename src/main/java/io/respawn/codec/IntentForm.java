package io.respawn.codec;

import io.respawn.core.Intent;
import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.core.Intent.Phase;
import io.respawn.core.Intent.Result;
import io.respawn.core.Intent.Started;
import io.respawn.core.Intent.Target;
import io.respawn.model.IntentId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How an intent is written, with the command it came from and how far it is. */
final class IntentForm {

    private IntentForm() {}

    static void write(JsonWriter json, Intent intent) {
        json.object("command", command -> CommandForm.write(command, intent.command()))
                .number("order", intent.order())
                .word("origin", intent.origin())
                .object("position", intent.position(), PositionForm::write)
                .text("acceptedAt", intent.acceptedAt().toString())
                .object("phase", phase -> writePhase(phase, intent.phase()));
    }

    static Intent read(Fields fields) {
        return new Intent(
                fields.someObject("command").as(CommandForm::read),
                fields.number("order"),
                fields.word("origin", Intent.Origin.values()),
                fields.object("position").map(position -> position.as(PositionForm::read)),
                fields.someInstant("acceptedAt"),
                fields.someObject("phase").as(IntentForm::readPhase));
    }

    private static void writePhase(JsonWriter json, Phase phase) {
        switch (phase) {
            case Pending ignored -> json.text("is", "pending");
            case Started started -> {
                json.text("is", "started")
                        .text("at", started.at().toString())
                        .array("targets", started.targets(), IntentForm::writeTarget);
                if (!started.riders().isEmpty()) {
                    json.array("riders", started.riders(), (rider, id) -> rider.text("id", id.value()));
                }
            }
            case Ended ended ->
                json.text("is", "ended")
                        .word("outcome", ended.outcome())
                        .text("at", ended.at().toString())
                        .text("detail", ended.detail())
                        .array("targets", ended.targets(), IntentForm::writeTarget)
                        .text("by", ended.by())
                        .number("blackoutNanos", nanos(ended.blackout()));
        }
    }

    private static Phase readPhase(Fields fields) {
        String phase = fields.someText("is");
        return switch (phase) {
            case "pending" -> new Pending();
            case "started" ->
                new Started(
                        fields.someInstant("at"),
                        targets(fields),
                        fields.objects("riders").stream()
                                .map(rider -> rider.as(f -> new IntentId(f.someText("id"))))
                                .toList());
            case "ended" ->
                new Ended(
                        fields.word("outcome", Outcome.values()),
                        fields.someInstant("at"),
                        fields.text("detail").orElse(""),
                        targets(fields),
                        fields.text("by").map(IntentId::new),
                        duration(fields.wholeNumber("blackoutNanos")));
            default -> throw fields.wrong("is", phase, "is no phase that this version knows");
        };
    }

    private static OptionalLong nanos(Optional<Duration> time) {
        return time.map(Duration::toNanos).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    private static Optional<Duration> duration(OptionalLong nanos) {
        return nanos.isPresent() ? Optional.of(Duration.ofNanos(nanos.getAsLong())) : Optional.empty();
    }

    private static List<Target> targets(Fields fields) {
        return fields.objects("targets").stream()
                .map(target -> target.as(IntentForm::readTarget))
                .toList();
    }

    private static void writeTarget(JsonWriter json, Target target) {
        json.number("index", target.index())
                .number("before", target.before())
                .number("after", target.after())
                .object(
                        "result",
                        target.result(),
                        (result, value) ->
                                result.word("outcome", value.outcome()).text("detail", value.detail()));
    }

    private static Target readTarget(Fields fields) {
        return new Target(
                fields.someCount("index"),
                fields.number("before"),
                fields.number("after"),
                fields.object("result")
                        .map(result -> result.as(f -> new Result(
                                f.word("outcome", Outcome.values()),
                                f.text("detail").orElse("")))));
    }
}
