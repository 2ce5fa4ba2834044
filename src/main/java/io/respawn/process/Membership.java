package io.respawn.process;

import io.respawn.linux.ProcFs;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Members;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows whose a process is: a main, one of a main's session or group, or one that carries the tags of a service. Tags are
 * only a word of the process, so they count for our own user and for root alone, who could do worse. Thread-safe.
 */
final class Membership implements Members {

    private static final int ROOT = 0;

    private final SidecarId sidecar;
    private final int ownUser;
    private final Map<Integer, ChildKey> mains = new ConcurrentHashMap<>();

    Membership(SidecarId sidecar, int ownUser) {
        this.sidecar = sidecar;
        this.ownUser = ownUser;
    }

    void add(Child child) {
        mains.put(child.pid(), child.key());
    }

    void remove(Child child) {
        mains.remove(child.pid(), child.key());
    }

    @Override
    public Optional<Member> find(int pid, int uid) {
        return main(pid)
                .or(() -> ProcFs.stat(pid).flatMap(stat -> main(stat.session()).or(() -> main(stat.processGroup()))))
                .or(() -> tagged(pid, uid));
    }

    private Optional<Member> main(int pid) {
        return Optional.ofNullable(mains.get(pid)).map(Membership::member);
    }

    private Optional<Member> tagged(int pid, int uid) {
        if (uid != ownUser && uid != ROOT) {
            return Optional.empty();
        }
        return ProcFs.environment(pid)
                .flatMap(environment -> Tags.read(sidecar, environment))
                .filter(tags -> !tags.helper())
                .map(tags -> member(tags.key()));
    }

    private static Member member(ChildKey key) {
        return new Member(key.instance(), key.incarnation());
    }
}
