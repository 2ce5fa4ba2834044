package io.respawn.probe;

import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.Members;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Knows one process of a service by the numbers of its members, and notes who was to be the main of it. */
record KnownMembers(Member member, Set<Integer> pids, Queue<ProcessIdentity> followed) implements Members {

    KnownMembers(Member member) {
        this(member, ConcurrentHashMap.newKeySet(), new ConcurrentLinkedQueue<>());
    }

    static ProcessIdentity identity(int pid) {
        return new ProcessIdentity(pid, pid * 10L);
    }

    @Override
    public Optional<Member> find(int pid, int uid) {
        return pids.contains(pid) ? Optional.of(member) : Optional.empty();
    }

    @Override
    public Optional<ProcessIdentity> heir(Member of, int pid) {
        return of.equals(member) && pids.contains(pid) ? Optional.of(identity(pid)) : Optional.empty();
    }

    @Override
    public void follow(Member of, ProcessIdentity heir) {
        followed.add(heir);
    }
}
