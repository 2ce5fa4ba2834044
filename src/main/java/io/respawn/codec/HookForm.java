package io.respawn.codec;

import io.respawn.core.HookState;
import io.respawn.core.HookState.Failure;
import io.respawn.core.HookState.UnderWay;
import io.respawn.model.HookPoint;

/** How it is written how the hooks of an instance stand. */
final class HookForm {

    private HookForm() {}

    static void write(JsonWriter json, HookState hooks) {
        json.object("underWay", hooks.underWay(), HookForm::writeUnderWay)
                .object("failure", hooks.failure(), HookForm::writeFailure);
    }

    static HookState read(Fields fields) {
        return new HookState(
                fields.object("underWay").map(one -> one.as(HookForm::readUnderWay)),
                fields.object("failure").map(last -> last.as(HookForm::readFailure)));
    }

    private static void writeUnderWay(JsonWriter json, UnderWay hook) {
        json.word("point", hook.point()).textIfAny("reason", hook.reason()).text("deadline", hook.deadline());
    }

    private static UnderWay readUnderWay(Fields fields) {
        return new UnderWay(point(fields), fields.text("reason").orElse(""), fields.instant("deadline"));
    }

    private static void writeFailure(JsonWriter json, Failure failure) {
        json.word("point", failure.point())
                .number("incarnation", failure.incarnation())
                .text("detail", failure.detail())
                .text("at", failure.at().toString());
    }

    private static Failure readFailure(Fields fields) {
        return new Failure(
                point(fields),
                fields.number("incarnation"),
                fields.text("detail").orElse(""),
                fields.someInstant("at"));
    }

    private static HookPoint point(Fields fields) {
        return fields.word("point", HookPoint.values());
    }
}
