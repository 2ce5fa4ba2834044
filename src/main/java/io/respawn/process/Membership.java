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
    private final Map<Integer, Child> mains = new ConcurrentHashMap<>();

    /** Mains that are in the group and session of an earlier one, by the numbers of these. */
    private final Map<Integer, Child> joined = new ConcurrentHashMap<>();

    Membership(SidecarId sidecar, int ownUser) {
        this.sidecar = sidecar;
        this.ownUser = ownUser;
    }

    void add(Child child) {
        mains.put(child.pid(), child);
        others(child).forEach(number -> joined.put(number, child));
    }

    void remove(Child child) {
        mains.remove(child.pid(), child);
        others(child).forEach(number -> joined.remove(number, child));
    }

    private static IntStream others(Child child) {
        return IntStream.of(child.group(), child.session()).filter(number -> number > 0 && number != child.pid());
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
        return main(stat.pid()).or(() -> led(stat.session())).or(() -> led(stat.processGroup()));
    }

    private Optional<Member> main(int pid) {
        return Optional.ofNullable(mains.get(pid)).map(Membership::member);
    }

    /** While a main is in it, the number of a group or session cannot be another's. */
    private Optional<Member> led(int number) {
        return main(number)
                .or(() -> Optional.ofNullable(joined.get(number))
                        .filter(child -> ProcFs.stat(child.pid())
                                .filter(stat -> stat.session() == number || stat.processGroup() == number)
                                .isPresent())
                        .map(Membership::member));
    }

    private Optional<Member> tagged(int pid, int uid) {
        if (uid != ownUser && uid != ROOT) {
            return Optional.empty();
        }
        return ProcFs.environment(pid)
                .flatMap(environment -> Tags.read(sidecar, environment))
                .filter(tags -> !tags.helper())
                .map(tags -> new Member(tags.instance(), tags.incarnation()));
    }

    private static Member member(Child child) {
        return new Member(child.instance(), child.tags().incarnation());
    }
}
