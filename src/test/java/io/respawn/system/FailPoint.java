package io.respawn.system;

import static io.respawn.system.FailPoint.Where.ENTRY;
import static io.respawn.system.FailPoint.Where.EXIT;

/**
 * The named steps in the life of an order, of a process and of the sidecar's own state at which the sidecar is killed. Each
 * is the entry or the exit of one method of the packaged program, which knows nothing of it.
 */
enum FailPoint {
    COMMAND_READ("kafka.CommandReader", "deliver", ENTRY, 20),
    COMMAND_IN_LOOP("core.Intake", "received", ENTRY, 20),

    ACCEPTED_BEFORE_JOURNAL("journal.LocalJournal", "append", ENTRY, 10, "intent.accepted"),
    ACCEPTED_IN_JOURNAL("journal.LocalJournal", "append", EXIT, 10, "intent.accepted"),
    ACCEPTED_BEFORE_KAFKA("kafka.BatchWriter", "isWritten(Ljava/util/List;)", ENTRY, 5, "intent.accepted"),
    ACCEPTED_ON_KAFKA("kafka.BatchWriter", "isWritten(Ljava/util/List;)", EXIT, 5, "intent.accepted"),

    STARTED_BEFORE_JOURNAL("journal.LocalJournal", "append", ENTRY, 10, "intent.started"),
    STARTED_IN_JOURNAL("journal.LocalJournal", "append", EXIT, 10, "intent.started"),
    STARTED_BEFORE_KAFKA("kafka.BatchWriter", "isWritten(Ljava/util/List;)", ENTRY, 5, "intent.started"),
    STARTED_ON_KAFKA("kafka.BatchWriter", "isWritten(Ljava/util/List;)", EXIT, 5, "intent.started"),

    /** All that is decided was sent, in a transaction that nobody will commit. */
    SENT_NOT_COMMITTED("kafka.StateWriter", "commit", ENTRY, 10),
    POSITION_ACKNOWLEDGED("kafka.CommandOutlet", "committed", EXIT, 10),
    JOURNAL_CUT("journal.LocalJournal", "acknowledged", EXIT, 10),

    /** The commit of a start was seen, and no process is touched yet. */
    GATE_RELEASED("core.Orders", "release", ENTRY, 5),
    STOP_BEFORE_SIGNAL("process.Signalling", "send", ENTRY, 5),
    STOP_SIGNALLED("process.Signalling", "send", EXIT, 5),
    EXIT_SEEN("process.ChildProcesses", "ended", ENTRY, 5),
    REAPED("linux.Waiter", "reap", EXIT, 5),
    EXIT_TOLD("process.ChildProcesses", "ended", EXIT, 5),

    BEFORE_SPAWN("process.Spawner", "spawn", ENTRY, 5),
    /** The start of what was ordered is noted, and there is no process. */
    SPAWN_BEGUN("process.Spawner", "noteBegin", EXIT, 5),
    /** The process is there, and nobody holds it. */
    SPAWNED_UNHELD("linux.libc.Spawn$spawn_plan", "posix_spawn", EXIT, 5),
    SPAWNED_BEFORE_NOTE("process.Spawner", "noteProcess", ENTRY, 5),
    SPAWNED_NOTED("process.Spawner", "noteProcess", EXIT, 5),
    SPAWN_TOLD("process.ChildProcesses", "begin", EXIT, 5),

    ENDED_BEFORE_JOURNAL("journal.LocalJournal", "append", ENTRY, 10, "intent.succeeded"),
    ENDED_IN_JOURNAL("journal.LocalJournal", "append", EXIT, 10, "intent.succeeded"),
    ENDED_BEFORE_KAFKA("kafka.BatchWriter", "isWritten(Ljava/util/List;)", ENTRY, 5, "intent.succeeded"),
    ENDED_ON_KAFKA("kafka.BatchWriter", "isWritten(Ljava/util/List;)", EXIT, 5, "intent.succeeded"),

    JOURNAL_RESTORED("journal.LocalJournal", "restore", EXIT, 1),
    JOURNAL_BEFORE_FOLDING("journal.Keeper", "compact()", ENTRY, 1),
    JOURNAL_FOLDED("journal.SnapshotFile", "write", EXIT, 1),
    OLD_JOURNAL_DELETED("journal.JournalFiles", "deleteBefore", EXIT, 1),
    RECOVERY_BEGINS("core.Recovery", "started", ENTRY, 1),
    PROCESS_ADOPTED("process.ChildProcesses", "adopt", EXIT, 5),
    RECOVERED("app.FreshStart", "run", EXIT, 1),

    /** Every earlier producer is fenced, and nothing was read yet. */
    PRODUCER_OPENED("kafka.StateWriter", "open", EXIT, 1),
    STATE_READ("kafka.StateReader", "readToEnd", EXIT, 1),
    CLAIM_DECIDED("core.Restoring", "restored", EXIT, 1),
    CLAIM_COMMITTED("kafka.Ownership", "claim", EXIT, 1);

    /** Which side of a method. */
    enum Where {
        ENTRY,
        EXIT
    }

    private final String type;
    private final String method;
    private final Where where;
    private final int passings;
    private final String word;

    FailPoint(String type, String method, Where where, int passings) {
        this(type, method, where, passings, "");
    }

    FailPoint(String type, String method, Where where, int passings, String word) {
        this.type = "io/respawn/" + type.replace('.', '/');
        this.method = method.endsWith(")") ? method : method + "(";
        this.where = where;
        this.passings = passings;
        this.word = word;
    }

    /** The class, as its file names it. */
    String type() {
        return type;
    }

    boolean isIn(String nameAndDescriptor) {
        return nameAndDescriptor.startsWith(method);
    }

    Where where() {
        return where;
    }

    /** In how many passings in a row, so many at most, one is chosen to be the last. */
    int passings() {
        return passings;
    }

    /** Only a passing counts whose first argument, as text, contains this; any, if it is empty. */
    String word() {
        return word;
    }
}
