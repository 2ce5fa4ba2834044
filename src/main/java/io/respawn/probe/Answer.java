package io.respawn.probe;

import io.respawn.model.Text;

/**
 * What came of one probe.
 *
 * @param detail what was asked and what was answered, for people
 */
record Answer(boolean success, String detail) {

    static Answer success(String detail) {
        return new Answer(true, detail);
    }

    static Answer failure(String detail) {
        return new Answer(false, detail);
    }

    /** What an exception of a connection says. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return Text.bounded(message == null ? failure.getClass().getSimpleName() : message);
    }
}
