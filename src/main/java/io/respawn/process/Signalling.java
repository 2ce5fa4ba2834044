package io.respawn.process;

import io.respawn.linux.Kill;
import io.respawn.linux.LinuxException;
import io.respawn.linux.ProcFs;
import io.respawn.linux.SignalResult;
import io.respawn.linux.Signals;
import io.respawn.model.InstanceId;
import io.respawn.model.Signal;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Signals the group of a main process, through its descriptor where the kernel can, so that a signal never reaches a later
 * process with the same number; every result is looked at.
 */
final class Signalling {

    static final String REFUSED = "signal-refused";
    static final String FAILED = "signal-failed";
    static final String TO_NOBODY = "signal-to-nobody";

    private static final Logger LOG = System.getLogger(Signalling.class.getName());

    private final Statistics statistics;

    /** Kernels before 6.9 refuse it; found out by the first use. */
    private boolean groupByDescriptor = true;

    Signalling(Statistics statistics) {
        this.statistics = statistics;
    }

    /** Signals the whole group and reports what should not be. */
    SignalResult send(Child child, int signal) {
        SignalResult result;
        try {
            result = child.leader() ? group(child, signal) : members(child, signal);
        } catch (LinuxException failed) {
            statistics.fault(FAILED);
            LOG.log(Level.ERROR, "Cannot signal " + child + ": " + failed.getMessage());
            return SignalResult.UNSUPPORTED;
        }
        switch (result) {
            case SENT -> {}
            // It ended on its own meanwhile, which is reported as an exit.
            case GONE -> LOG.log(Level.DEBUG, "{0} was gone before {1}", child, Signals.name(signal));
            case REFUSED -> {
                statistics.fault(REFUSED);
                LOG.log(
                        Level.WARNING,
                        "Cannot send {0} to {1}: it belongs to another user; run the sidecar as that user or give it"
                                + " CAP_KILL",
                        Signals.name(signal),
                        child);
            }
            case UNSUPPORTED -> {
                statistics.fault(FAILED);
                LOG.log(
                        Level.ERROR,
                        "Cannot send {0} to {1}: this kernel has no pidfd signals",
                        Signals.name(signal),
                        child);
            }
        }
        return result;
    }

    /** It was to go to a process that is not watched. */
    void toNobody(InstanceId instance, long incarnation, Signal signal) {
        statistics.fault(TO_NOBODY);
        LOG.log(
                Level.WARNING,
                "Cannot send {0} to {1}: no process of incarnation {2} is watched",
                signal,
                instance,
                Long.toString(incarnation));
    }

    /**
     * One that took over is often in the group of the main before it. While it takes signals (a zombie does) and is in the
     * group, the number of that cannot be another's.
     */
    private static SignalResult members(Child child, int signal) {
        boolean there = child.group() > 0
                && ProcFs.stat(child.pid())
                        .filter(stat -> stat.startTicks() == child.identity().startTicks()
                                && stat.processGroup() == child.group())
                        .isPresent();
        return there && child.pidfd().signal(0) != SignalResult.GONE
                ? Kill.group(child.group(), signal)
                : child.pidfd().signal(signal);
    }

    private SignalResult group(Child child, int signal) {
        if (groupByDescriptor) {
            SignalResult result = child.pidfd().signalGroup(signal);
            if (result != SignalResult.UNSUPPORTED) {
                return result;
            }
            groupByDescriptor = false;
        }
        // A process that still takes signals (a zombie does) pins its number and with it that of its group.
        SignalResult alive = child.pidfd().signal(0);
        return alive == SignalResult.GONE ? alive : Kill.group(child.pid(), signal);
    }
}
