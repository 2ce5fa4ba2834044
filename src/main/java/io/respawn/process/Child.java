package io.respawn.process;

import io.respawn.core.Event.Found;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import java.util.Optional;

/**
 * A main process that is held by its descriptor.
 *
 * @param group its process group; its own number if we spawned it, that of an earlier main often if it took over from one,
 *     and 0 if it is the sidecar's
 * @param session its session, likewise; whoever is in it descends from the service
 */
record Child(Tags tags, ProcessIdentity identity, Pidfd pidfd, int group, int session) {

    /** One that has just been started, with a session of its own. */
    static Child spawned(Tags tags, ProcessIdentity process, Pidfd pidfd) {
        return new Child(tags, process, pidfd, process.pid(), process.pid());
    }

    /** Takes hold of a process that is there already; empty if it is not, or if nobody can tell that it is this one. */
    static Optional<Child> held(Tags tags, ProcessIdentity process) {
        Optional<Pidfd> opened =
                process.startTicks() > 0 ? Pidfd.open(process.pid(), process.startTicks()) : Optional.empty();
        return opened.map(pidfd -> held(tags, process, pidfd));
    }

    /** Holds one by what an earlier image of this process held it by; it may have ended since. */
    static Child held(Tags tags, ProcessIdentity process, Pidfd pidfd) {
        try {
            Optional<ProcessStat> stat =
                    ProcFs.stat(process.pid()).filter(found -> found.startTicks() == process.startTicks());
            int ours = ProcFs.stat(ProcFs.ownPid()).map(ProcessStat::session).orElse(0);
            // What it has in common with us is not its own.
            Optional<ProcessStat> apart = stat.filter(found -> found.session() != ours);
            Optional<ProcessStat> grouped =
                    stat.filter(found -> found.session() != ours || found.processGroup() == found.pid());
            return new Child(
                    tags,
                    process,
                    pidfd,
                    grouped.map(ProcessStat::processGroup).orElse(0),
                    apart.map(ProcessStat::session).orElse(0));
        } catch (RuntimeException | Error failed) {
            pidfd.close();
            throw failed;
        }
    }

    InstanceId instance() {
        return tags.instance();
    }

    ChildKey key() {
        return tags.key();
    }

    int pid() {
        return identity.pid();
    }

    /** Whether it leads its process group, as all do that we spawned. */
    boolean leader() {
        return group == pid();
    }

    /** Whether somebody of this group and session belongs to it. */
    boolean owns(int processGroup, int processSession) {
        return processGroup == pid()
                || processSession == pid()
                || (group > 0 && processGroup == group)
                || (session > 0 && processSession == session);
    }

    Found found() {
        return new Found(instance(), tags.incarnation(), identity, tags.intent());
    }

    @Override
    public String toString() {
        return instance() + " (pid " + pid() + ", incarnation " + tags.incarnation() + ")";
    }
}
