package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    @ParameterizedTest
    @ValueSource(strings = {"Too many open files", "Cannot assign requested address", "Cannot allocate memory"})
    void whatWeLackIsNoAnswerOfTheService(String words) {
        // given
        Throwable failure = new IllegalStateException("Unable to create Channel", new IOException(words));

        // then
        assertThat(Answer.failure("Cannot ask", failure).isNone()).isTrue();
    }

    @Test
    void noThreadForItsStartIsNoAnswerEither() {
        Throwable failure = new OutOfMemoryError("unable to create native thread");
        assertThat(Answer.failure("Cannot ask", failure).isNone()).isTrue();
    }

    @Test
    void refusedConnectionIsANo() {
        Answer answer = Answer.failure("Cannot ask", new ConnectException("Connection refused"));
        assertThat(answer.isNone()).isFalse();
        assertThat(answer.success()).isFalse();
        assertThat(answer.detail()).isEqualTo("Cannot ask: Connection refused");
    }
}
