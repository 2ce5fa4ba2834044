package io.respawn.core;

import io.respawn.core.Intent.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Forgets ended intents after a while; until then their ids are recognised when they come again. */
final class Forgetting {

    /** How often it is looked. */
    static final Duration EVERY = Duration.ofMinutes(1);

    /** How long an ended intent is remembered. */
    static final Duration AGE = Duration.ofHours(24);

    /** How many ended intents are remembered at the most; the oldest go first. */
    static final int COUNT = 20_000;

    private Forgetting() {}

    static void look(Turn turn) {
        turn.perform(new Effect.ArmTimer(new TimerKey.Forgetting(), turn.now().plus(EVERY)));
        Instant horizon = turn.now().minus(AGE);
        List<Intent> ended = new ArrayList<>();
        turn.state().intents().values().stream()
                .filter(intent -> !intent.isOpen())
                .forEach(ended::add);
        int surplus = ended.size() - COUNT;
        for (int i = 0; i < ended.size(); i++) {
            Intent intent = ended.get(i);
            if (i < surplus
                    || (intent.phase() instanceof Ended over && over.at().isBefore(horizon))) {
                turn.put(new StateRecord.IntentTombstone(intent.id()));
            }
        }
    }
}
