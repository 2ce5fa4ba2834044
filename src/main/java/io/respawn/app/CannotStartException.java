package io.respawn.app;

/** The sidecar must not start here; the message says why and what to do. */
final class CannotStartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotStartException(String message) {
        super(message);
    }
}
