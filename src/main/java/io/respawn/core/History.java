package io.respawn.core;

import io.respawn.model.Action;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the orders that are remembered however long ago they were: the last respawns, and the last of each schedule. */
final class History {

    static final int RESPAWNS = 10;

    /** More than one, for a clock that is set back. */
    static final int RUNS = 5;

    private final State state;
    private final Map<String, Integer> counts = new HashMap<>();

    History(State state) {
        this.state = state;
    }

    /** The ids of those that have ended. */
    Set<IntentId> kept() {
        Set<IntentId> kept = new HashSet<>();
        List<Intent> newestFirst = new ArrayList<>(state.intents().values()).reversed();
        for (Intent intent : newestFirst) {
            if (!intent.isOpen() && isKept(intent)) {
                kept.add(intent.id());
            }
        }
        return kept;
    }

    private boolean isKept(Intent intent) {
        if (intent.command().action() == Action.RESPAWN) {
            return isAmongTheLast(RESPAWNS, "respawn");
        }
        Optional<ServiceName> planned = intent.command().service().filter(this::isPlanned);
        if (planned.isEmpty() || PlannedRun.time(intent).isEmpty()) {
            return false;
        }
        return PlannedRun.isBegin(intent)
                ? isAmongTheLast(1, "begin/" + planned.get())
                : isAmongTheLast(RUNS, "run/" + planned.get());
    }

    private boolean isPlanned(ServiceName service) {
        return state.plan()
                .service(service)
                .filter(spec -> spec.schedule().timetable().isPresent())
                .isPresent();
    }

    private boolean isAmongTheLast(int most, String what) {
        return counts.merge(what, 1, Integer::sum) <= most;
    }
}
