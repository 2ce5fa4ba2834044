package io.respawn.kafka;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Looks after what the claim rests on: regularly, with jitter so that a fleet does not do it in step, and soon after
 * something went wrong. Nothing else may tell for days that a topic was deleted or set otherwise. Used by the session's
 * thread alone.
 */
final class Vigil {

    private static final Logger LOG = Logger.getLogger(Vigil.class);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final long interval;
    private final Clients clients;
    private final Ownership ownership;
    private long begunNanos;
    private long wait;

    Vigil(Duration interval, Clients clients, Ownership ownership) {
        this.interval = interval.toNanos();
        this.clients = clients;
        this.ownership = ownership;
    }

    /** All is well now, or was just looked at. */
    void begin() {
        begunNanos = System.nanoTime();
        wait = ThreadLocalRandom.current().nextLong(interval / 5 * 4, interval / 5 * 6 + 1);
    }

    void hasten() {
        wait = Math.min(wait, SOON.toNanos());
    }

    boolean isDue() {
        return System.nanoTime() - begunNanos > wait;
    }

    /**
     * Looks at the topics.
     *
     * @return whether there was an answer
     * @throws SessionException when something is wrong with them
     */
    boolean inspect() {
        begin();
        Admin admin = clients.admin();
        try {
            ownership.inspect(admin);
            return true;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.debugf("Cannot look after the topics now: %s", e.getMessage());
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
