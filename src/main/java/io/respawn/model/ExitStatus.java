package io.respawn.model;

/** How a process ended, as far as the kernel tells. */
public sealed interface ExitStatus {

    /** The process called exit with this code (0 to 255). */
    record Exited(int code) implements ExitStatus {
        @Override
        public String words() {
            return "exit code " + code;
        }
    }

    /**
     * A signal ended the process.
     *
     * @param outOfMemory whether it was the kernel's, for want of memory, as far as its control group counts that
     */
    record Signalled(int signal, boolean coreDumped, boolean outOfMemory) implements ExitStatus {
        public Signalled(int signal, boolean coreDumped) {
            this(signal, coreDumped, false);
        }

        @Override
        public String words() {
            return Signal.describe(signal)
                    + (coreDumped ? " (core dumped)" : "")
                    + (outOfMemory ? " (out of memory)" : "");
        }
    }

    /** Nobody can tell, for example because the process ended while no sidecar was there. */
    record Unknown(String why) implements ExitStatus {
        @Override
        public String words() {
            return "unknown exit (" + why + ")";
        }
    }

    /** One phrase for people. */
    String words();
}
