package io.respawn.cli;

/** The exit codes of the command. */
public final class Exit {

    /** What was asked for is done. */
    public static final int DONE = 0;

    /** The order was refused, or it failed. */
    public static final int FAILED = 1;

    /** The command line or the configuration cannot be used. */
    public static final int USAGE = 2;

    /** No sidecar answers. */
    public static final int UNREACHABLE = 3;

    /** The time was over before the outcome was known. */
    public static final int TIMEOUT = 4;

    private Exit() {}
}
