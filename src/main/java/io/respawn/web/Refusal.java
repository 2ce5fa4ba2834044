package io.respawn.web;

import org.jspecify.annotations.Nullable;

/** A request that is answered with a problem; the message is for whoever asked. */
final class Refusal extends RuntimeException {

    private final int status;
    private final transient @Nullable IntentView intent;

    Refusal(int status, String detail) {
        this(status, detail, null);
    }

    Refusal(int status, String detail, @Nullable IntentView intent) {
        super(detail, null, false, false);
        this.status = status;
        this.intent = intent;
    }

    /** The same, with the intent that it is about. */
    Refusal about(IntentView view) {
        return new Refusal(status, String.valueOf(getMessage()), view);
    }

    Problem problem(String path) {
        return Problem.of(status, String.valueOf(getMessage()), path, intent);
    }
}
