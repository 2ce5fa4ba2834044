package io.respawn.codec;

/** Says in one sentence, for people, why some bytes have no meaning here: the thing, the value, the remedy. */
public final class CodecException extends RuntimeException {

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
