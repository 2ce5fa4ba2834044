package io.respawn.web;

import io.respawn.core.PlanDiff;
import io.respawn.model.Plan;
import io.respawn.supervise.Configured;
import java.util.List;

/**
 * What the configuration says now and is not in force; names and keys only, since values may be secrets.
 *
 * @param differs whether there is anything
 * @param services those that a reload would start, stop, restart, scale or update
 * @param sidecar keys beside the services that a reload would take up
 * @param later keys that only a respawn takes up
 * @param kept how many services stay as they are
 * @param mistakes why it cannot be used as it is
 */
public record PlanChangesView(
        boolean differs,
        List<Change> services,
        List<String> sidecar,
        List<String> later,
        int kept,
        List<String> mistakes) {

    /**
     * What becomes of a service.
     *
     * @param service its name
     * @param action start, stop, restart, scale, update
     * @param fields the keys that cause it
     */
    public record Change(String service, String action, List<String> fields) {
        static Change of(PlanDiff.Change change) {
            return new Change(change.service().value(), change.kind().word(), change.fields());
        }
    }

    static PlanChangesView of(Plan inForce, Configured.Reading reading) {
        return switch (reading) {
            case Configured.Usable usable -> {
                PlanDiff diff = PlanDiff.of(inForce, usable.plan());
                yield new PlanChangesView(
                        !diff.isEmpty() || !usable.later().isEmpty(),
                        diff.services().stream().map(Change::of).toList(),
                        diff.sidecar(),
                        usable.later(),
                        diff.kept(),
                        List.of());
            }
            case Configured.Unusable unusable ->
                new PlanChangesView(
                        true,
                        List.of(),
                        List.of(),
                        List.of(),
                        inForce.services().size(),
                        unusable.mistakes());
        };
    }

    /** In one sentence; empty when there is nothing to say. */
    String words() {
        if (!mistakes.isEmpty()) {
            return "the configuration cannot be used as it is: " + mistakes.getFirst()
                    + (mistakes.size() > 1 ? ", and " + (mistakes.size() - 1) + " more" : "");
        }
        if (!differs) {
            return "";
        }
        int keys = sidecar.size() + later.size();
        return "the configuration differs from the plan in force: " + services.size()
                + (services.size() == 1 ? " service" : " services")
                + (keys == 0 ? "" : ", " + keys + (keys == 1 ? " key" : " keys") + " of the sidecar")
                + "; 'respawn plan' shows it";
    }
}
