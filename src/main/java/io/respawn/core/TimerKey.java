package io.respawn.core;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;

/** Names a timer. Arming a key again replaces it; a timer that names a past incarnation is ignored when it fires. */
public sealed interface TimerKey {

    /** What an instance's timer is for. */
    enum Purpose {
        START_TIMEOUT,
        GRACE,
        KILL,
        BACKOFF,
        RETRY
    }

    /** A timer of one instance; {@code incarnation} is the one that was current when it was armed. */
    record OfInstance(InstanceId instance, Purpose purpose, long incarnation) implements TimerKey {}

    /** When an intent may begin, or is too late. */
    record OfIntent(IntentId intent, boolean expiry) implements TimerKey {}

    /** How long services wait for Kafka's state. */
    record RestoreWait() implements TimerKey {}

    /** When the budget has the next permit. */
    record BudgetRelease() implements TimerKey {}

    /** When the next order has its permits. */
    record OrderRelease() implements TimerKey {}

    /** When leaving has taken long enough. */
    record ShutdownLimit() implements TimerKey {}

    /** When remembered ids of ended intents are looked through. */
    record Forgetting() implements TimerKey {}
}
