package io.respawn.kafka;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for what the admin client was asked; its own timeouts bound the wait. */
final class Answers {

    private Answers() {}

    /** {@return the answer; a failure is thrown as the exception that the broker's answer stands for} */
    static <T> T await(KafkaFuture<T> question) {
        try {
            return question.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new KafkaException("Cannot get an answer from the brokers", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
