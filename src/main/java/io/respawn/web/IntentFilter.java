package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.core.Intent.Ended;
import io.respawn.core.Intent.Outcome;
import io.respawn.model.ServiceName;
import io.respawn.model.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which intents somebody wants to see.
 *
 * @param states any of these; all if there are none
 * @param source of those that this one sent
 * @param requestedBy of those that this one ordered
 */
record IntentFilter(
        Optional<ServiceName> service, List<String> states, Optional<String> source, Optional<String> requestedBy) {

    private static final List<String> STATES = Stream.concat(
                    Stream.of("open", "pending", "started", "ended"),
                    Arrays.stream(Outcome.values()).map(Outcome::word))
            .toList();

    IntentFilter {
        states.stream().filter(state -> !STATES.contains(state)).forEach(state -> {
            throw new Refusal(
                    400, "Cannot use state '" + Text.shown(state) + "': it is one of " + String.join(", ", STATES));
        });
    }

    boolean takes(Intent intent) {
        return service.map(name -> isAbout(intent, name)).orElse(true)
                && (states.isEmpty() || states.stream().anyMatch(state -> isIn(intent, state)))
                && source.map(intent.command().source()::equals).orElse(true)
                && requestedBy.map(intent.command().requestedBy()::equals).orElse(true);
    }

    static boolean isAbout(Intent intent, ServiceName service) {
        return intent.command().service().filter(service::equals).isPresent();
    }

    private static boolean isIn(Intent intent, String state) {
        return (state.equals("open") && intent.isOpen())
                || state.equals(IntentView.phase(intent))
                || (intent.phase() instanceof Ended ended
                        && state.equals(ended.outcome().word()));
    }
}
