package io.respawn.config;

/** Finds services whose output is to go to Kafka, where there is none. */
final class ForwardingCheck {

    private ForwardingCheck() {}

    static void check(RespawnConfig raw, Settings settings, Mistakes mistakes) {
        // A mistake in the keys of Kafka may be the very reason.
        if (settings.bootstrapServers().isPresent() || mistakes.concern("kafka")) {
            return;
        }
        raw.services().forEach((name, service) -> {
            if (service.output().forward().strip().equals("true")) {
                mistakes.add(
                        Paths.join("respawn.services", name) + ".output.forward",
                        "Cannot forward output while Kafka is off: name the brokers by kafka.bootstrap.servers, or remove"
                                + " this");
            }
        });
    }
}
