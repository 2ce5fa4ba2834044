package io.respawn.probe;

import io.respawn.model.Text;
import java.util.Locale;

/**
 * What came of one probe.
 *
 * @param detail what was asked and what was answered, for people
 */
record Answer(Says says, String detail) {

    enum Says {
        YES,
        NO,
        /** It could not be asked, for want of something of ours: that tells nothing about the service. */
        NOTHING
    }

    static Answer success(String detail) {
        return new Answer(Says.YES, detail);
    }

    static Answer failure(String detail) {
        return new Answer(Says.NO, detail);
    }

    static Answer none(String detail) {
        return new Answer(Says.NOTHING, detail);
    }

    /** What follows from an exception; a no, unless it is we who lack something. */
    static Answer failure(String cannot, Throwable failure) {
        String words = cannot + ": " + reason(failure);
        return isOurs(failure) ? none(words) : failure(words);
    }

    boolean success() {
        return says == Says.YES;
    }

    boolean isNone() {
        return says == Says.NOTHING;
    }

    /** By the words of the C library, since the JDK and its clients pass errors of the kernel on in no other form. */
    private static boolean isOurs(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError
                    || words.contains("too many open files")
                    || words.contains("cannot allocate memory")
                    || words.contains("cannot assign requested address")) {
                return true;
            }
        }
        return false;
    }

    /** What an exception of a connection says. */
    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return Text.bounded(message == null ? failure.getClass().getSimpleName() : message);
    }
}
