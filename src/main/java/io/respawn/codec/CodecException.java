package io.respawn.codec;

/** Says in one sentence, for people, why some bytes have no meaning here: the thing, the value, the remedy. */
public final class CodecException extends RuntimeException {

    private final String reason;

    public CodecException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public CodecException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    /** The sentence. */
    public String reason() {
        return reason;
    }
}
