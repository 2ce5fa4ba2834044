package io.respawn.simulation;

/** Defects that can be planted, each with the words by which it must be found. */
enum Sabotage {
    NONE(""),
    /** The journal forgets a batch. */
    LOST_BATCH("replay differs"),
    /** The start of an order counts as committed before it is. */
    EARLY_ACKNOWLEDGEMENT("before its start was committed"),
    /** Processes die with the sidecar, and nobody noted that they were there. */
    SECOND_START("was started twice"),
    /** An outcome does not reach the topic. */
    SWALLOWED_OUTCOME("has no outcome"),
    /** The broker writes a repeated request again. */
    REPEATED_WRITE("was used twice"),
    /** The broker lets any producer write. */
    STALE_WRITER("a stale writer wrote"),
    /** A position moves on without an answer. */
    SKIPPED_COMMAND("was passed without an answer"),
    /** The machine's rate is higher than the one that is audited. */
    FAST_RATE("more went than the rate allows"),
    /** The machine's buffer is larger than the one that is audited. */
    LARGE_BUFFER("beyond the limit"),
    /** What is accepted later gets the lower number. */
    LATER_FIRST("overtook");

    private final String words;

    Sabotage(String words) {
        this.words = words;
    }

    /** How the audit says that it was found. */
    String words() {
        return words;
    }
}
