package io.respawn.observe;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.respawn.model.InstanceId;
import io.respawn.supervise.Statistics;
import io.respawn.supervise.Usage;
import java.util.List;
import java.util.TreeMap;

/** What services use, by instance: processes come and go, and would be series without end. */
final class UsageMetrics {

    private UsageMetrics() {}

    static List<MetricFamilySamples> of(Statistics statistics) {
        Family cpu = Family.counter(
                "respawn_instance_cpu_seconds",
                "Processor time of all processes that an instance ever had",
                "service",
                "instance");
        Family memory = gauge("memory_bytes", "What the processes of an instance hold in RAM");
        Family processes = gauge("processes", "Processes of an instance");
        Family threads = gauge("threads", "Threads of the processes of an instance");
        Family descriptors = gauge("open_descriptors", "Descriptors that the processes of an instance have open");
        new TreeMap<>(statistics.consumption().latest()).forEach((instance, usage) -> {
            add(cpu, instance, StatisticsMetrics.seconds(usage.cpuTime()));
            add(memory, instance, (double) usage.memoryBytes());
            add(processes, instance, usage.processes());
            add(threads, instance, usage.threads());
            addDescriptors(descriptors, instance, usage);
        });
        Family kills = Family.counter(
                "respawn_service_oom_kills",
                "Main processes of a service that the kernel ended for want of memory, as far as it counts them",
                "service");
        statistics.killedForMemory().forEach((service, count) -> kills.sample(count.sum(), service.value()));
        return List.of(cpu.done(), memory.done(), processes.done(), threads.done(), descriptors.done(), kills.done());
    }

    private static Family gauge(String name, String help) {
        return Family.gauge("respawn_instance_" + name, help, "service", "instance");
    }

    private static void addDescriptors(Family family, InstanceId instance, Usage usage) {
        if (usage.descriptors().isPresent()) {
            add(family, instance, usage.descriptors().getAsInt());
        }
    }

    private static void add(Family family, InstanceId instance, double value) {
        family.sample(value, instance.service().value(), Integer.toString(instance.index()));
    }
}
