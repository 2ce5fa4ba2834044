package io.respawn.linux;

import io.respawn.linux.libc.Processes;

/** Says what became of a signal. */
public enum SignalResult {
    /** The kernel took it. */
    SENT,
    /** There is no such process or group any more (ESRCH). */
    GONE,
    /** It belongs to somebody whom this process may not signal (EPERM). */
    REFUSED,
    /** This kernel cannot signal in this way (EINVAL for the flag, or ENOSYS); use another way. */
    UNSUPPORTED;

    static SignalResult of(int rawResult, int flags, String call, String what) {
        if (rawResult >= 0) {
            return SENT;
        }
        if (Errno.ESRCH.is(rawResult)) {
            return GONE;
        }
        if (Errno.EPERM.is(rawResult)) {
            return REFUSED;
        }
        boolean flagRefused = Errno.EINVAL.is(rawResult) && (flags & Processes.PIDFD_SIGNAL_PROCESS_GROUP) != 0;
        if (flagRefused || Errno.ENOSYS.is(rawResult)) {
            return UNSUPPORTED;
        }
        throw new LinuxException(call, Errno.of(rawResult), what);
    }
}
