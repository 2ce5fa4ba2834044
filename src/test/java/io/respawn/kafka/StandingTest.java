package io.respawn.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandingTest {

    private final List<Event> told = new CopyOnWriteArrayList<>();

    @Test
    void tellsEachChangeOnceAndStaysFenced() {
        // given
        Standing standing = new Standing(told::add);

        // when
        standing.become(KafkaStatus.LIVE, "epoch 1");
        standing.become(KafkaStatus.LIVE, "epoch 1");
        standing.trouble("no answer");
        standing.become(KafkaStatus.FENCED, "another owns it");
        standing.become(KafkaStatus.LIVE, "epoch 1");
        standing.refuse("a topic is wrong");

        // then
        assertThat(told)
                .containsExactly(
                        new Event.KafkaChanged(KafkaStatus.LIVE, "epoch 1"),
                        new Event.KafkaChanged(KafkaStatus.DEGRADED, "no answer"),
                        new Event.KafkaChanged(KafkaStatus.FENCED, "another owns it"));
        assertThat(standing.status()).isEqualTo(KafkaStatus.FENCED);
    }

    @Test
    void whatMustBeCorrectedByAPersonIsTroubleFromTheFirstMoment() {
        // given
        Standing standing = new Standing(told::add);

        // when
        standing.become(KafkaStatus.CONNECTING, "connecting");
        standing.refuse("a topic is wrong");

        // then
        assertThat(told.getLast()).isEqualTo(new Event.KafkaChanged(KafkaStatus.DEGRADED, "a topic is wrong"));
    }

    @Test
    void whoeverListensHoldsUpNobodyAndHearsEverythingInOrder() throws Exception {
        // given somebody who, when told, waits for a change by another thread
        CompletableFuture<Standing> self = new CompletableFuture<>();
        Standing standing = new Standing(event -> {
            told.add(event);
            if (told.size() == 1) {
                CompletableFuture.runAsync(() -> self.join().trouble("meanwhile"))
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join();
            }
        });
        self.complete(standing);

        // when
        standing.become(KafkaStatus.LIVE, "epoch 1");

        // then
        assertThat(told)
                .containsExactly(
                        new Event.KafkaChanged(KafkaStatus.LIVE, "epoch 1"),
                        new Event.KafkaChanged(KafkaStatus.DEGRADED, "meanwhile"));
    }
}
