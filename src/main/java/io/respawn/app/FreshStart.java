package io.respawn.app;

import io.respawn.core.Event;
import io.respawn.core.KafkaStatus;
import io.respawn.supervise.EventSink;
import org.jboss.logging.Logger;

/** Begins with what the journal tells and {@code /proc} shows, after whatever end there was before. */
record FreshStart(Parts parts, EventSink events) implements Runnable {

    private static final Logger LOG = Logger.getLogger(FreshStart.class);

    @Override
    public void run() {
        Memory memory = parts.memory();
        boolean kafka = parts.settings().bootstrapServers().isPresent();
        events.accept(new Event.KafkaChanged(kafka ? KafkaStatus.CONNECTING : KafkaStatus.OFF, ""));
        events.accept(new Event.SidecarStarted(
                memory.host(),
                parts.processes().recover(memory.known(parts.plan())),
                memory.notes(),
                memory.directory().isPresent(),
                kafka && memory.isFresh()));
        if (parts.plan().services().values().stream()
                .anyMatch(spec -> spec.start().notifies())) {
            // After those who outlived their sidecar are adopted, so that it is known whose word theirs is.
            parts.reactor().execute(parts.socket()::open);
        }
        if (new CapsuleFile(memory.directory()).remove()) {
            LOG.warn("The sidecar before ended while it became a new image; its services are found as after a crash");
        }
        memory.trouble().ifPresent(trouble -> events.accept(new Event.JournalChanged(false, trouble)));
    }
}
