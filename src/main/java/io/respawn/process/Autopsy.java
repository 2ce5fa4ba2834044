package io.respawn.process;

import io.respawn.linux.ExitStatus.CpuTime;
import io.respawn.linux.Signals;
import io.respawn.linux.Waiter;
import io.respawn.model.ExitStatus;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.util.Optional;

/** Finds out of a main that has ended what only its end tells: how, what it used, and whether memory was short. Loop only. */
final class Autopsy {

    private final MemoryKills kills;
    private final Statistics statistics;

    Autopsy(MemoryKills kills, Statistics statistics) {
        this.kills = kills;
        this.statistics = statistics;
    }

    /** How it ended, as the kernel answered; once for each, before it is reaped. Empty if it was not our child. */
    Optional<ExitStatus> of(Child child, Waiter.Answer answer) {
        Optional<Duration> used =
                answer.ended().flatMap(io.respawn.linux.ExitStatus::cpuTime).map(Autopsy::sum);
        statistics.consumption().ended(child.instance(), child.tags().incarnation(), used);
        return answer.ended().map(Ends::of).map(ended -> judged(child, ended));
    }

    /** The same of one that was not our child, once its end is known. */
    ExitStatus late(Burial burial) {
        return burial.isOfStranger() ? judged(burial.child(), burial.status()) : burial.status();
    }

    private static Duration sum(CpuTime time) {
        return time.user().plus(time.system());
    }

    private ExitStatus judged(Child child, ExitStatus ended) {
        if (ended instanceof ExitStatus.Signalled killed
                && killed.signal() == Signals.SIGKILL
                && kills.claim(child.identity())) {
            statistics.killedForMemory(child.instance().service());
            return new ExitStatus.Signalled(killed.signal(), killed.coreDumped(), true);
        }
        return ended;
    }
}
