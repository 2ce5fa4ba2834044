package io.respawn.process;

import io.respawn.core.Event.Found;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.linux.SignalResult;
import io.respawn.linux.Signals;
import io.respawn.model.SidecarId;
import io.respawn.process.RecoveryPlan.Scanned;
import io.respawn.supervise.ProcessRunner.Known;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks once through {@code /proc} for what an earlier sidecar left, and ends what belongs to nobody.
 *
 * <p>A process whose parent is another living sidecar is never taken over: that sidecar watches it and would restart it. The
 * caller holds the lock of the state directory, so such a sidecar can only be one with our id and another directory. It is
 * known by its own environment ({@code RESPAWN_ID} is ours, and there is no {@code RESPAWN_SERVICE}, which a service would
 * have) or by its command line. After the death of its sidecar a service's parent is process 1 or a subreaper, neither of
 * which looks like that.
 */
final class Recovery {

    static final String KILLED = "recovery-killed";

    private static final Logger LOG = System.getLogger(Recovery.class.getName());
    private static final Duration LONGEST_DYING = Duration.ofSeconds(1);

    private final SidecarId sidecar;
    private final Statistics statistics;

    Recovery(SidecarId sidecar, Statistics statistics) {
        this.sidecar = sidecar;
        this.statistics = statistics;
    }

    List<Found> recover(List<Known> known) {
        RecoveryPlan plan = RecoveryPlan.of(known, search(), ProcFs.ownPid(), this::isLivingSidecar);
        plan.spared()
                .forEach(
                        (pid, reason) -> LOG.log(Level.WARNING, "Cannot take over the process " + pid + ": " + reason));
        end(plan.doomed());
        return plan.found();
    }

    private Map<Integer, Scanned> search() {
        Map<Integer, Scanned> processes = new LinkedHashMap<>();
        for (int pid : ProcFs.pids()) {
            ProcFs.stat(pid).ifPresent(stat -> processes.put(pid, new Scanned(stat, tags(pid))));
        }
        return processes;
    }

    private Optional<Tags> tags(int pid) {
        return ProcFs.environment(pid).flatMap(environment -> Tags.read(sidecar, environment));
    }

    private boolean isLivingSidecar(int pid) {
        if (pid <= 1
                || pid == ProcFs.ownPid()
                || ProcFs.stat(pid).filter(ProcessStat::zombie).isPresent()) {
            return false;
        }
        Map<String, String> environment = ProcFs.environment(pid).orElse(Map.of());
        if (environment.containsKey(Tags.SERVICE)) {
            return false;
        }
        return sidecar.value().equals(environment.get(Tags.SIDECAR))
                || ProcFs.commandLine(pid).filter(Recovery::isRespawn).isPresent();
    }

    /** The launcher and the native executable are called so; a JVM names the jar or the main class. */
    private static boolean isRespawn(List<String> commandLine) {
        return commandLine.stream()
                        .findFirst()
                        .filter(name -> name.equals("respawn") || name.endsWith("/respawn"))
                        .isPresent()
                || commandLine.stream()
                        .anyMatch(word -> word.startsWith("io.respawn.")
                                || (word.endsWith("quarkus-run.jar") && word.contains("respawn")));
    }

    private void end(List<Scanned> doomed) {
        List<Pidfd> dying = new ArrayList<>();
        try {
            for (Scanned process : doomed) {
                kill(process).ifPresent(dying::add);
            }
            // They may hold ports that their successors need.
            Reaping.await(dying, LONGEST_DYING);
        } finally {
            dying.forEach(Pidfd::close);
        }
    }

    private Optional<Pidfd> kill(Scanned process) {
        Optional<Pidfd> held = Pidfd.open(process.pid(), process.stat().startTicks());
        if (held.isEmpty()) {
            return Optional.empty();
        }
        SignalResult result = held.get().signal(Signals.SIGKILL);
        statistics.fault(result == SignalResult.SENT ? KILLED : Signalling.REFUSED);
        String owner = process.tags()
                .map(tags ->
                        tags.instance() + ", incarnation " + tags.incarnation() + (tags.helper() ? ", a helper" : ""))
                .orElse("an older incarnation");
        LOG.log(
                Level.WARNING,
                "Found the process {0} ({1}, of {2}) that belongs to nothing that runs; SIGKILL: {3}",
                Integer.toString(process.pid()),
                process.stat().name(),
                owner,
                result);
        return held;
    }
}
