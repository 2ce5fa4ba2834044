package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.model.IntentId;
import io.respawn.model.IntentLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Forgets ended intents after a while, the oldest first when there are too many; until then their ids are recognised when they come again. */
final class Forgetting {

    /** How often it is looked. */
    static final Duration EVERY = Duration.ofMinutes(1);

    private Forgetting() {}

    static void look(Turn turn) {
        turn.perform(new Effect.ArmTimer(new TimerKey.Forgetting(), turn.now().plus(EVERY)));
        IntentLimits limits = turn.state().plan().intents();
        Instant horizon = turn.now().minus(limits.endedAge());
        Set<IntentId> history = new History(turn.state()).kept();
        List<Intent> ended = turn.state().intents().values().stream()
                .filter(intent -> !intent.isOpen() && !history.contains(intent.id()))
                .toList();
        int surplus = ended.size() - limits.endedCount();
        for (int i = 0; i < ended.size(); i++) {
            Intent intent = ended.get(i);
            if (i < surplus
                    || (intent.phase() instanceof Ended over && over.at().isBefore(horizon))) {
                turn.put(new StateRecord.IntentTombstone(intent.id()));
            }
        }
    }
}
