package io.respawn.linux;

/** Reports a call that failed in a way its caller has no ordinary answer to. */
public final class LinuxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final int number;

    LinuxException(String call, Errno errno, String what) {
        super("Cannot " + what + ": " + errno + ", from " + call);
        this.call = call;
        this.number = errno.number();
    }

    /** Returns the raw result if it is one, and throws if it is a negated error number. */
    static int checked(int result, String call, String what) {
        if (result < 0) {
            throw new LinuxException(call, Errno.of(result), what);
        }
        return result;
    }

    /** The name of the call, in C spelling. */
    public String call() {
        return call;
    }

    /** Why it failed. */
    public Errno errno() {
        return new Errno(number);
    }
}
