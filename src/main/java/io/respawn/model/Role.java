package io.respawn.model;

/**
 * What a service means to the sidecar.
 *
 * @param autostart whether it starts with the sidecar
 * @param essential whether the sidecar is ready only when it is
 * @param endsSidecar when it is over for good the sidecar leaves, with its exit code
 * @param infrastructure it carries what Respawn itself needs (its Kafka): it starts before the state is restored and
 *     stops last, after the final flush
 * @param priority -100 to 100; of those that wait for the budget the higher one goes first
 */
public record Role(boolean autostart, boolean essential, boolean endsSidecar, boolean infrastructure, int priority) {

    public static final Role DEFAULT = new Role(true, false, false, false, 0);

    public Role {
        if (priority < -100 || priority > 100) {
            throw new IllegalArgumentException("Cannot use priority " + priority + ": -100 to 100 are allowed");
        }
    }

    public Role withPriority(int next) {
        return new Role(autostart, essential, endsSidecar, infrastructure, next);
    }
}
