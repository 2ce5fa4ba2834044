package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event.CommandReceived;
import io.respawn.core.Event.ProcessExited;
import io.respawn.linux.UsageReader;
import io.respawn.model.Action;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.ExitStatus;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentLimits;
import io.respawn.model.MemoryLimit;
import io.respawn.model.Plan;
import io.respawn.model.Sampling;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of real processes, whole trees of them, and what is ordered for their memory. */
class ResourceSamplerIT {

    private static final long MIB = 1L << 20;

    /** Holds so many mebibytes until it is killed: a line that does not end has to be kept whole. */
    private static String hold(int mebibytes) {
        return "(head -c " + mebibytes + "M /dev/zero; sleep 1000) | tail -n 1";
    }

    @TempDir
    Path directory;

    @Test
    void sumsUpAllProcessesOfAService() {
        // given a main, a descendant in a session of its own, a pipe of three, and descriptors in known numbers
        ServiceSpec tree = Rig.shell(
                "tree",
                "exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null; setsid sleep 1000 & " + hold(40));
        try (var rig = new Rig("sampler-tree", directory);
                var sampler = sampler(rig, tree)) {
            // when
            rig.start(tree);
            Usage usage = await(rig, tree, seen -> seen.memoryBytes() > 38 * MIB && seen.processes() == 4);

            // then sh, sleep in its own session, sleep in the pipe, tail
            assertThat(sampler).isNotNull();
            assertThat(usage.threads()).isEqualTo(4);
            assertThat(usage.memoryBytes()).isLessThan(120 * MIB);
            // each has three, the five of the shell, and those of the pipe are in their place
            assertThat(usage.descriptors()).hasValue(4 * (3 + 5));
            assertThat(usage.incarnation()).isEqualTo(1);
        }
    }

    @Test
    void countsProcessorTimeOverAllIncarnations() {
        // given
        ServiceSpec busy = Rig.shell("busy", "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done");
        try (var rig = new Rig("sampler-cpu", directory);
                var sampler = sampler(rig, busy)) {
            // when it runs twice, and ends before or between two looks
            rig.start(busy);
            rig.exited("busy");
            Duration first = await(
                            rig,
                            busy,
                            seen -> seen.processes() == 0 && seen.cpuTime().isPositive())
                    .cpuTime();
            rig.spawn(busy, Rig.instance("busy"), 2, Optional.empty());
            rig.exited("busy");
            Duration both = await(rig, busy, seen -> seen.incarnation() == 2 && seen.processes() == 0)
                    .cpuTime();

            // then
            assertThat(sampler).isNotNull();
            assertThat(first).isGreaterThan(Duration.ofMillis(20));
            assertThat(both).isGreaterThan(first.plusMillis(20));
        }
    }

    @Test
    void ordersOneRestartOfWhoeverStaysAboveItsMemory() {
        // given
        MemoryLimit limit = new MemoryLimit(30 * MIB, Duration.ofMillis(500), Duration.ofMinutes(1));
        ServiceSpec large = Rig.shell("large", hold(60)).with(limit);
        ServiceSpec small = Rig.shell("small", hold(5)).with(limit);
        try (var rig = new Rig("sampler-limit", directory);
                var sampler = sampler(rig, large, small)) {
            // when
            rig.start(small);
            rig.start(large);
            Command order = rig.await(CommandReceived.class, any -> true).command();
            Usage usage = await(
                    rig, small, seen -> seen.at().isAfter(order(rig, large).plusMillis(700)));

            // then
            assertThat(sampler).isNotNull();
            assertThat(order.action()).isEqualTo(Action.RESTART);
            assertThat(order.id().value()).isEqualTo("memory/large/0/1");
            assertThat(order.reason()).startsWith("uses 6").endsWith(" above its limit of 30.0 MiB");
            assertThat(usage.memoryBytes()).isLessThan(30 * MIB);
            assertThat(rig.events).noneMatch(CommandReceived.class::isInstance);
        }
    }

    private static Instant order(Rig rig, ServiceSpec spec) {
        return rig.statistics.consumption().pressure(instance(spec)).ordered().orElseThrow();
    }

    @Test
    void doesNotTakeAnyKillForOneByTheKernel() {
        // given
        ServiceSpec victim = Rig.shell("victim", "exec sleep 1000");
        try (var rig = new Rig("sampler-kill", directory);
                var sampler = sampler(rig, victim)) {
            var process = rig.start(victim);
            await(rig, victim, seen -> seen.processes() == 1);

            // when
            ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
            ProcessExited exited = rig.exited("victim");

            // then
            assertThat(sampler).isNotNull();
            assertThat(exited.status()).isEqualTo(new ExitStatus.Signalled(9, false));
            assertThat(rig.statistics.killedForMemory()).isEmpty();
            assertThat(new UsageReader().usage(process.pid())).isEmpty();
        }
    }

    private static ResourceSampler sampler(Rig rig, ServiceSpec... specs) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        List.of(specs).forEach(spec -> services.put(spec.name(), spec));
        Plan plan = new Plan(
                rig.sidecar,
                Map.of(),
                Budget.DEFAULT,
                IntentLimits.DEFAULT,
                services,
                new Sampling(Duration.ofMillis(100)));
        return new ResourceSampler(
                rig.children, rig.reactor, () -> plan, rig.events::add, rig.statistics, new SteadyClock());
    }

    private static InstanceId instance(ServiceSpec spec) {
        return new InstanceId(spec.name(), 0);
    }

    private static Usage await(Rig rig, ServiceSpec spec, Predicate<Usage> wanted) {
        return Awaitility.await("usage of " + spec.name())
                .atMost(Rig.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> rig.statistics.consumption().latest().get(instance(spec)),
                        seen -> seen != null && wanted.test(seen));
    }
}
