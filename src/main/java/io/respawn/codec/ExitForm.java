package io.respawn.codec;

import io.respawn.model.ExitStatus;

/** How the end of a process is written. */
final class ExitForm {

    private static final String KINDS = "exited, signalled, unknown";

    private ExitForm() {}

    static void write(JsonWriter json, ExitStatus status) {
        switch (status) {
            case ExitStatus.Exited(int code) -> json.text("is", "exited").number("code", code);
            case ExitStatus.Signalled(int signal, boolean coreDumped, boolean outOfMemory) -> {
                json.text("is", "signalled").number("signal", signal).flag("coreDumped", coreDumped);
                if (outOfMemory) {
                    json.flag("outOfMemory", true);
                }
            }
            case ExitStatus.Unknown(String why) -> json.text("is", "unknown").text("why", why);
        }
    }

    static ExitStatus read(Fields fields) {
        String kind = fields.someText("is");
        return switch (kind) {
            case "exited" -> new ExitStatus.Exited(fields.someCount("code"));
            case "signalled" ->
                new ExitStatus.Signalled(
                        fields.someCount("signal"), fields.flag("coreDumped"), fields.flag("outOfMemory"));
            case "unknown" -> new ExitStatus.Unknown(fields.text("why").orElse(""));
            default -> throw fields.wrong("is", kind, "is none of " + KINDS);
        };
    }
}
