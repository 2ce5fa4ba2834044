package io.respawn.linux;

import io.respawn.linux.libc.Processes;
import io.respawn.linux.libc.Processes.wait_result;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Says how a process ended. */
public sealed interface ExitStatus {

    /** What it used, where the kernel told; it includes its reaped children, and the moment before exec. */
    Optional<CpuTime> cpuTime();

    /** The number a shell would show: the code, or 128 and the signal. */
    int shellCode();

    /**
     * It left by itself.
     *
     * @param code 0 to 255
     */
    record Exited(int code, Optional<CpuTime> cpuTime) implements ExitStatus {
        @Override
        public int shellCode() {
            return code;
        }

        @Override
        public String toString() {
            return "exit code " + code;
        }
    }

    /**
     * A signal ended it.
     *
     * @param signal the signal's number
     * @param coreDumped whether it left a core file
     */
    record Signalled(int signal, boolean coreDumped, Optional<CpuTime> cpuTime) implements ExitStatus {
        @Override
        public int shellCode() {
            return 128 + signal;
        }

        @Override
        public String toString() {
            return Signals.name(signal) + (coreDumped ? " (core dumped)" : "");
        }
    }

    /**
     * Processor time.
     *
     * @param user in its own code
     * @param system in the kernel for it
     */
    record CpuTime(Duration user, Duration system) {}

    /** Reads the classic form: signal in the low seven bits, core flag, code above. */
    static ExitStatus ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0
                ? new Exited((status >> 8) & 0xff, Optional.empty())
                : new Signalled(signal, (status & 0x80) != 0, Optional.empty());
    }

    /** Reads what {@code waitid} filled in. */
    static ExitStatus of(wait_result result) {
        Optional<CpuTime> cpuTime = Optional.of(new CpuTime(
                Duration.of(result.ru_utime_micros(), ChronoUnit.MICROS),
                Duration.of(result.ru_stime_micros(), ChronoUnit.MICROS)));
        return switch (result.si_code()) {
            case Processes.CLD_EXITED -> new Exited(result.si_status() & 0xff, cpuTime);
            case Processes.CLD_KILLED -> new Signalled(result.si_status(), false, cpuTime);
            case Processes.CLD_DUMPED -> new Signalled(result.si_status(), true, cpuTime);
            default ->
                throw new IllegalStateException("Cannot read the end of " + result.si_pid() + ": code "
                        + result.si_code() + ", though only ends were asked for");
        };
    }
}
