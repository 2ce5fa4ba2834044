package io.respawn.core;

import io.respawn.core.Intent.Ended;
import io.respawn.model.Action;
import io.respawn.model.IntentLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Forgets ended intents after a while, the oldest first when there are too many; until then their ids are recognised when they come again. */
final class Forgetting {

    /** So many of the last respawns are remembered, however long ago they were. */
    static final int RESPAWNS = 10;

    /** How often it is looked. */
    static final Duration EVERY = Duration.ofMinutes(1);

    private Forgetting() {}

    static void look(Turn turn) {
        turn.perform(new Effect.ArmTimer(new TimerKey.Forgetting(), turn.now().plus(EVERY)));
        IntentLimits limits = turn.state().plan().intents();
        Instant horizon = turn.now().minus(limits.endedAge());
        List<Intent> ended = new ArrayList<>();
        List<Intent> respawns = new ArrayList<>();
        turn.state().intents().values().stream()
                .filter(intent -> !intent.isOpen())
                .forEach(intent -> (intent.command().action() == Action.RESPAWN ? respawns : ended).add(intent));
        // The last ones are told as history; the others are forgotten like any order.
        ended.addAll(0, respawns.subList(0, Math.max(0, respawns.size() - RESPAWNS)));
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
