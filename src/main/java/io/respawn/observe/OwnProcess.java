package io.respawn.observe;

import io.prometheus.client.Collector.MetricFamilySamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** What the sidecar itself costs; see proc_pid_status(5) and proc_pid_fd(5). */
final class OwnProcess {

    private static final Logger LOG = Logger.getLogger(OwnProcess.class);

    private final Path proc;

    OwnProcess(Path proc) {
        this.proc = proc;
    }

    List<MetricFamilySamples> metrics() {
        List<MetricFamilySamples> families = new ArrayList<>();
        ProcessHandle.current().info().totalCpuDuration().map(OwnProcess::cpu).ifPresent(families::add);
        try {
            List<String> status = Files.readAllLines(proc.resolve("status"));
            number(status, "VmRSS:")
                    .map(kibibytes -> gauge(
                            "respawn_process_resident_memory_bytes", "Memory of the sidecar in RAM", kibibytes * 1024))
                    .ifPresent(families::add);
            number(status, "Threads:")
                    .map(threads -> gauge("respawn_process_threads", "Threads of the sidecar", threads))
                    .ifPresent(families::add);
            families.add(gauge("respawn_process_open_fds", "Open file descriptors of the sidecar", openFds()));
        } catch (IOException unreadable) {
            LOG.debugf(unreadable, "Cannot read %s", proc);
        }
        return families;
    }

    private long openFds() throws IOException {
        try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
            // The list itself is read through one of them.
            return open.count() - 1;
        }
    }

    private static MetricFamilySamples cpu(Duration used) {
        return Family.counter("respawn_process_cpu_seconds", "Processor time of the sidecar")
                .sample(StatisticsMetrics.seconds(used))
                .done();
    }

    private static MetricFamilySamples gauge(String name, String help, long value) {
        return Family.gauge(name, help).sample(value).done();
    }

    private static Optional<Long> number(List<String> status, String field) {
        return status.stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).replace("kB", "").strip())
                .map(Long::valueOf)
                .findFirst();
    }
}
