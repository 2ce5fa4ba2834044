package io.respawn.core;

import io.respawn.core.Event.PlanRead;
import io.respawn.core.Event.PlanRefused;
import io.respawn.core.Event.PlanRemembered;
import io.respawn.core.Intent.Outcome;
import io.respawn.core.Intent.Started;
import io.respawn.model.Action;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import java.util.List;
import java.util.Optional;

/** The order to read the configuration again, and its end: another plan is in force as a whole, or nothing has changed. */
final class Reloading {

    private final Turn turn;

    Reloading(Turn turn) {
        this.turn = turn;
    }

    /** A new image has none of the questions that the old one had asked. */
    void again() {
        List.copyOf(turn.state().intents().values()).stream()
                .filter(intent -> intent.command().action() == Action.RELOAD)
                .filter(intent -> intent.phase() instanceof Started)
                .filter(intent -> !turn.standing().gates().containsKey(intent.id()))
                .forEach(intent -> turn.perform(new Effect.ReadConfiguration(intent.id())));
    }

    void read(PlanRead read) {
        if (read.intent().isPresent() && waiting(read.intent()).isEmpty()) {
            return;
        }
        Optional<String> objection = objection(read.plan());
        if (objection.isPresent()) {
            end(read.intent(), Outcome.FAILED, objection.get());
            return;
        }
        PlanDiff diff = PlanDiff.of(turn.state().plan(), read.plan());
        String later =
                read.later().isEmpty() ? "" : "; not taken up before a respawn: " + String.join(", ", read.later());
        if (diff.isEmpty()) {
            end(read.intent(), Outcome.SUCCEEDED, "nothing to do: the plan is in force already" + later);
            return;
        }
        PlanChange change = new PlanChange(turn, diff, waiting(read.intent()));
        change.apply(read.plan());
        String words = "generation " + turn.generation() + ": " + diff.words();
        turn.announceSidecar("reloaded", words);
        end(read.intent(), Outcome.SUCCEEDED, words + later);
    }

    /** What can never be another without another life. */
    private Optional<String> objection(Plan plan) {
        Plan known = turn.state().plan();
        if (turn.standing().isStopping()) {
            return Optional.of("Cannot reload: the sidecar is stopping");
        }
        if (!plan.id().equals(known.id())) {
            return Optional.of("Cannot reload: respawn.id was '" + known.id() + "' and is '" + plan.id()
                    + "' now, which is another sidecar; change it back, or stop this one and start it again");
        }
        return Optional.empty();
    }

    void refused(PlanRefused refused) {
        String words = "Cannot reload, nothing has changed: " + String.join("; ", refused.mistakes());
        if (refused.intent().isEmpty()) {
            turn.announceSidecar("reload-refused", words);
        }
        end(refused.intent(), Outcome.FAILED, words);
    }

    /** The plan in force may differ from the one that those were started under who have outlived their sidecar. */
    void remembered(PlanRemembered remembered) {
        PlanDiff diff = remembered.diff();
        if (diff.isEmpty() || turn.standing().isStopping()) {
            return;
        }
        new PlanChange(turn, diff, Optional.empty()).catchUp(remembered.found());
        turn.announceSidecar("reloaded", "generation " + turn.generation() + ": " + diff.words());
    }

    private Optional<Intent> waiting(Optional<IntentId> id) {
        return id.flatMap(turn.state()::intent).filter(intent -> intent.phase() instanceof Started);
    }

    private void end(Optional<IntentId> id, Outcome outcome, String detail) {
        waiting(id).ifPresent(intent -> new Orders(turn).end(intent, outcome, detail));
    }
}
