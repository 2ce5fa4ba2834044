package io.respawn.kafka;

import org.jspecify.annotations.Nullable;

/** Why the session cannot simply go on, in words for people. */
abstract sealed class SessionException extends RuntimeException {

    private final String fault;
    private final String words;

    private SessionException(String fault, String words, @Nullable Throwable cause) {
        super(words, cause);
        this.fault = fault;
        this.words = words;
    }

    /** The word under which it is counted. */
    String fault() {
        return fault;
    }

    String words() {
        return words;
    }

    /** A person must change something before Kafka can be used: the words name the thing, the value, the setting. */
    static final class Refused extends SessionException {
        Refused(String words) {
            super("kafka-refused", words, null);
        }
    }

    /** What the claim was made on is not there any more, or no longer whole: the state is to be claimed again. */
    static final class GroundLost extends SessionException {
        GroundLost(String words) {
            super("kafka-topics-changed", words, null);
        }
    }

    /** Somebody else owns the state now: nothing may be written any more. */
    static final class Fenced extends SessionException {
        Fenced(String words) {
            super("kafka-fenced", words, null);
        }
    }

    /** The producer is dead, and whether its last transaction was committed is unknown: read, then build another. */
    static final class ProducerLost extends SessionException {
        ProducerLost(String words, Throwable cause) {
            super("kafka-producer-lost", words, cause);
        }
    }
}
