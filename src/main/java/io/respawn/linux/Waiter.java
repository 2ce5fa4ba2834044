package io.respawn.linux;

import static io.respawn.linux.libc.Processes.P_PIDFD;
import static io.respawn.linux.libc.Processes.WEXITED;
import static io.respawn.linux.libc.Processes.WNOHANG;
import static io.respawn.linux.libc.Processes.WNOWAIT;

import io.respawn.linux.libc.Processes;
import io.respawn.linux.libc.Processes.pidfd_info;
import io.respawn.linux.libc.Processes.wait_result;
import java.util.Optional;

/** Asks how processes ended, one at a time and never waiting; asking for "any child" would steal the JDK's. */
public final class Waiter {

    private Waiter() {}

    /** What a question for a child's end brings. */
    public sealed interface Answer {

        /** It has ended. */
        record Ended(ExitStatus status) implements Answer {}

        /** It runs. */
        record Running() implements Answer {}

        /** It is not our child, or was reaped before (ECHILD). */
        record NotOurChild() implements Answer {}

        /** How it ended, if it has. */
        default Optional<ExitStatus> ended() {
            return this instanceof Ended(ExitStatus status) ? Optional.of(status) : Optional.empty();
        }
    }

    /** Looks without reaping: the zombie stays and pins its pid and its process group. */
    public static Answer peek(Pidfd process) {
        return ask(P_PIDFD, process.fd(), WNOWAIT, process.pid());
    }

    /** Reaps a child that has ended; from then on its number may come back. */
    public static Answer reap(Pidfd process) {
        return ask(P_PIDFD, process.fd(), 0, process.pid());
    }

    /**
     * Asks the kernel how a process ended that has been reaped, by us or by its parent; empty while it has not been, and
     * on kernels that do not tell. Works for strangers, if the pidfd was open before they were reaped.
     */
    public static Optional<ExitStatus> exitInfo(Pidfd process) {
        pidfd_info info = Processes.pidfd_get_info(process.fd(), Processes.PIDFD_INFO_EXIT);
        boolean told = info.result() >= 0 && (info.mask() & Processes.PIDFD_INFO_EXIT) != 0;
        return told ? Optional.of(ExitStatus.ofWaitStatus(info.exit_code())) : Optional.empty();
    }

    static Answer ask(int idtype, int id, int options, int pid) {
        wait_result result;
        do {
            result = Processes.waitid(idtype, id, WEXITED | WNOHANG | options);
        } while (Errno.EINTR.is(result.result()));
        if (Errno.ECHILD.is(result.result())) {
            return new Answer.NotOurChild();
        }
        LinuxException.checked(result.result(), "waitid", "ask for the end of the process " + pid);
        return result.si_pid() == 0 ? new Answer.Running() : new Answer.Ended(ExitStatus.of(result));
    }
}
