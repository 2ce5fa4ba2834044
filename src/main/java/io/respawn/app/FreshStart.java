package io.respawn.app;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.core.PlanDiff;
import io.respawn.model.Plan;
import io.respawn.supervise.EventSink;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Begins with what the journal tells and {@code /proc} shows, after whatever end there was before. */
record FreshStart(Parts parts, PlanFile kept, EventSink events) implements Runnable {

    private static final Logger LOG = Logger.getLogger(FreshStart.class);

    @Override
    public void run() {
        Memory memory = parts.memory();
        boolean kafka = parts.settings().bootstrapServers().isPresent();
        events.accept(new Event.KafkaChanged(kafka ? KafkaStatus.CONNECTING : KafkaStatus.OFF, ""));
        List<Event.Found> found = parts.processes().recover(memory.known(parts.plan()));
        events.accept(new Event.SidecarStarted(
                memory.host(), found, memory.notes(), memory.directory().isPresent(), kafka && memory.isFresh()));
        if (parts.plan().services().values().stream()
                .anyMatch(spec -> spec.start().notifies())) {
            // After those who outlived their sidecar are adopted, so that it is known whose word theirs is.
            parts.reactor().execute(parts.socket()::open);
        }
        if (new CapsuleFile(memory.directory()).remove()) {
            LOG.warn("The sidecar before ended while it became a new image; its services are found as after a crash");
        }
        Thread.ofPlatform().daemon().name("respawn-plan").start(() -> compare(found));
        memory.trouble().ifPresent(trouble -> events.accept(new Event.JournalChanged(false, trouble)));
    }

    /** Off the loop, which has services to start: what was in force before may say that a process is of yesterday. */
    private void compare(List<Event.Found> found) {
        Plan now = parts.plan();
        Optional<PlanDiff> changes = kept.changes(now);
        changes.filter(diff -> !diff.isEmpty())
                .ifPresentOrElse(
                        diff -> events.accept(new Event.PlanRemembered(diff, found)),
                        () -> keepFirst(changes.isPresent(), now));
    }

    private void keepFirst(boolean known, Plan now) {
        if (!known) {
            kept.write(now);
        }
    }
}
