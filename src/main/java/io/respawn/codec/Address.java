package io.respawn.codec;

import io.respawn.model.SidecarId;
import io.respawn.model.Text;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides whether a command is for this sidecar, by what is inside it.
 *
 * @param labels what a selector is compared with; another plan may have others
 */
record Address(SidecarId me, Supplier<Map<String, String>> labels) {

    /** The sidecar that the command names: its field {@code sidecar}, else the first part of the subject. */
    static Optional<String> named(Envelope envelope) {
        return envelope.data().text("sidecar").or(() -> envelope.subject().map(subject -> subject.split("/", 2)[0]));
    }

    /** A command on a command topic whose record has no key; empty when it is ours. */
    Optional<Reading.NotForMe> withoutKey(Envelope envelope) {
        Optional<String> named = named(envelope);
        if (named.isEmpty()) {
            return Optional.of(new Reading.NotForMe(
                    true,
                    "Cannot tell whom the command is for: use the sidecar's id as the record's key, or add the"
                            + " field 'sidecar'"));
        }
        return notMe(named.get());
    }

    /** A command on the broadcast topic; empty when it is ours. */
    Optional<Reading.NotForMe> broadcast(Envelope envelope) {
        Optional<String> named = named(envelope);
        Optional<Fields> selector = envelope.data().object("selector");
        if (named.isEmpty() && selector.isEmpty()) {
            // Not taken as "everybody": forgetting a field must not restart a fleet.
            return Optional.of(new Reading.NotForMe(
                    true,
                    "Cannot broadcast a command without a selector: add the field 'selector', {} means everybody"));
        }
        return named.flatMap(this::notMe).or(() -> selector.flatMap(this::notSelected));
    }

    private Optional<Reading.NotForMe> notMe(String named) {
        return named.equals(me.value())
                ? Optional.empty()
                : Optional.of(new Reading.NotForMe(false, "it is for '" + Text.shown(named) + "'"));
    }

    /** A command with a selector; empty when we are among those it selects. */
    Optional<Reading.NotForMe> notSelected(Fields selector) {
        for (String label : selector.names()) {
            Optional<String> wanted = selector.text(label);
            if (wanted.isEmpty() || !wanted.get().equals(labels.get().get(label))) {
                return Optional.of(
                        new Reading.NotForMe(false, "the selector's '" + Text.shown(label) + "' does not match"));
            }
        }
        return Optional.empty();
    }
}
