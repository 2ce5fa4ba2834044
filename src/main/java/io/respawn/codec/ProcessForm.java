package io.respawn.codec;

import io.respawn.model.ProcessIdentity;

/** How the identity of a process is written. */
final class ProcessForm {

    private ProcessForm() {}

    static void write(JsonWriter json, ProcessIdentity process) {
        json.number("pid", process.pid()).number("startTicks", process.startTicks());
    }

    static ProcessIdentity read(Fields fields) {
        return new ProcessIdentity(fields.someCount("pid"), fields.number("startTicks"));
    }
}
