package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.core.Instance;
import io.respawn.model.MemoryLimit;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Snapshot;
import io.respawn.supervise.Usage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of an instance use, as the API shows it.
 *
 * @param at when they were looked at
 * @param memoryBytes what they hold in RAM
 * @param maxMemoryBytes what they may hold before they are restarted; absent when that is not limited
 * @param cpuSeconds processor time of all processes that the instance ever had; it only grows
 * @param processes how many there are
 * @param threads how many those have
 * @param descriptors how many those have open; absent when that may not be known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageView(
        String at,
        long memoryBytes,
        @Nullable Long maxMemoryBytes,
        double cpuSeconds,
        int processes,
        int threads,
        @Nullable Integer descriptors) {

    private static final double NANOS = 1e9;

    /** That of its present process, or none. */
    static Optional<UsageView> of(Instance instance, Snapshot snapshot) {
        Optional<Long> limit = snapshot.plan()
                .service(instance.id().service())
                .flatMap(ServiceSpec::memory)
                .map(MemoryLimit::bytes);
        return Optional.ofNullable(snapshot.usages().get(instance.id()))
                .filter(usage -> instance.isLive() && usage.incarnation() == instance.incarnation())
                .map(usage -> of(usage, limit.orElse(null)));
    }

    private static UsageView of(Usage usage, @Nullable Long limit) {
        return new UsageView(
                usage.at().toString(),
                usage.memoryBytes(),
                limit,
                usage.cpuTime().toNanos() / NANOS,
                usage.processes(),
                usage.threads(),
                usage.descriptors().isPresent() ? usage.descriptors().getAsInt() : null);
    }
}
