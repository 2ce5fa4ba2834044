package io.respawn.process;

import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Members;
import io.respawn.supervise.Members.Member;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Knows whose a process is: a main, one of a main's session or group, or one that carries the tags of a service. Tags are
 * only a word of the process, so they count for our own user and for root alone, who could do worse. Thread-safe.
 */
final class Membership {

    private static final int ROOT = 0;
    private static final int NOBODY = -1;

    /** Parents can change between two looks, so a circle is thinkable. */
    private static final int LONGEST_LINE = 100;

    private final SidecarId sidecar;
    private final int ownUser;
    private final Map<Integer, ChildKey> mains = new ConcurrentHashMap<>();

    Membership(SidecarId sidecar, int ownUser) {
        this.sidecar = sidecar;
        this.ownUser = ownUser;
    }

    /** Adds one, with its group and session: these may have got their numbers from an earlier main. */
    void add(Child child) {
        numbers(child).forEach(number -> mains.put(number, child.key()));
    }

    void remove(Child child) {
        numbers(child).forEach(number -> mains.remove(number, child.key()));
    }

    private static IntStream numbers(Child child) {
        return IntStream.of(child.pid(), child.group(), child.session()).filter(number -> number > 0);
    }

    /** See {@link Members#find}. */
    Optional<Member> find(int pid, int uid) {
        return main(pid).or(() -> ProcFs.stat(pid).flatMap(this::byNumber)).or(() -> tagged(pid, uid));
    }

    /** Whether a process belongs to the same as somebody, also as a descendant that says nothing of it. */
    boolean comprises(Member somebody, ProcessStat process) {
        Optional<Member> direct = find(process.pid(), user(process.pid()));
        if (direct.isPresent()) {
            return direct.get().equals(somebody);
        }
        int parent = process.parent();
        for (int steps = 0; steps < LONGEST_LINE && parent > 1; steps++) {
            Optional<ProcessStat> stat = ProcFs.stat(parent);
            if (stat.flatMap(this::byNumber).filter(somebody::equals).isPresent()) {
                return true;
            }
            parent = stat.map(ProcessStat::parent).orElse(0);
        }
        return false;
    }

    /** The real one, as others could have lent it their rights with an environment of their own. */
    private static int user(int pid) {
        return ProcFs.status(pid)
                .map(status -> status.getOrDefault("Uid", "-1").split("\\s+", -1)[0])
                .map(Integer::parseInt)
                .orElse(NOBODY);
    }

    private Optional<Member> byNumber(ProcessStat stat) {
        return main(stat.pid()).or(() -> main(stat.session())).or(() -> main(stat.processGroup()));
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
