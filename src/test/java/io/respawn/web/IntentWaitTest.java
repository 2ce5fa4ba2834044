package io.respawn.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Intent;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Pending;
import io.respawn.edges.FakeSupervision;
import io.respawn.edges.Samples;
import io.respawn.model.IntentId;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntentWaitTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final IntentId ID = new IntentId("deploy-1");
    private static final Intent OPEN = Samples.intent("deploy-1", 1, new Pending());
    private static final Intent ENDED = Samples.intent("deploy-1", 1, Samples.ended(Outcome.SUCCEEDED, ""));

    private final FakeSupervision supervision = new FakeSupervision();
    private final IntentWait wait = new IntentWait(supervision);

    @Test
    void answersAtOnceWhenTheIntentHasEnded() {
        // given
        supervision.is(Samples.healthy(ENDED));

        // when
        UniAssertSubscriber<Optional<Intent>> answer = end(LONG);

        // then
        answer.assertCompleted().assertItem(Optional.of(ENDED));
    }

    @Test
    void listensBeforeItLooksSoThatNoEndIsMissed() {
        // given
        supervision.is(Samples.healthy(OPEN));

        // when
        UniAssertSubscriber<Optional<Intent>> answer = end(LONG);

        // then
        answer.assertNotTerminated();
        assertThat(supervision.asked()).containsExactly("events", "snapshot");
    }

    @Test
    void answersWhenTheEndIsAnnounced() {
        // given
        supervision.is(Samples.healthy(OPEN));
        UniAssertSubscriber<Optional<Intent>> answer = end(LONG);

        // when
        supervision.is(Samples.healthy(ENDED));
        supervision.announce("succeeded", ID);

        // then
        answer.assertCompleted().assertItem(Optional.of(ENDED));
    }

    @Test
    void goesOnWaitingWhenSomethingElseIsAnnounced() {
        // given
        supervision.is(Samples.healthy(OPEN));
        UniAssertSubscriber<Optional<Intent>> answer = end(LONG);

        // when
        supervision.announce("started", ID);
        supervision.announce("succeeded", new IntentId("another"));

        // then
        answer.assertNotTerminated();
    }

    @Test
    void answersWithTheOpenIntentWhenTheTimeIsOver() {
        // given
        supervision.is(Samples.healthy(OPEN));

        // when
        UniAssertSubscriber<Optional<Intent>> answer = end(Duration.ofMillis(20));

        // then
        answer.awaitItem(Duration.ofSeconds(5)).assertItem(Optional.of(OPEN));
    }

    @Test
    void answersWithTheOpenIntentWhenTheLoopEnds() {
        // given
        supervision.is(Samples.healthy(OPEN));
        UniAssertSubscriber<Optional<Intent>> answer = end(LONG);

        // when
        supervision.endsItsEvents();

        // then
        answer.assertCompleted().assertItem(Optional.of(OPEN));
    }

    @Test
    void doesNotWaitForAnIntentThatIsUnknown() {
        // given
        supervision.is(Samples.healthy());

        // when
        UniAssertSubscriber<Optional<Intent>> answer = end(LONG);

        // then
        answer.assertCompleted().assertItem(Optional.empty());
    }

    private UniAssertSubscriber<Optional<Intent>> end(Duration limit) {
        return wait.end(ID, limit).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
