package io.respawn.process;

import io.respawn.linux.Epoll;
import io.respawn.linux.Pidfd;
import io.respawn.linux.Reactor;
import io.respawn.linux.Waiter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds the main of every incarnation, and for as long as they live those that handed over to it. On the loop's thread.
 *
 * <p>The end of a former main is nobody's exit: it is reaped, and that is all.
 */
final class Mains {

    private final Reactor reactor;
    private final Membership membership;
    private final Set<Integer> ownPids;
    private final Consumer<Child> ended;
    private final Map<ChildKey, Child> present = new HashMap<>();
    private final Map<ChildKey, List<Child>> former = new HashMap<>();

    /** {@code ended} is told of the end of all that are held, former ones included, until it is dealt with. */
    Mains(Reactor reactor, Membership membership, Set<Integer> ownPids, Consumer<Child> ended) {
        this.reactor = reactor;
        this.membership = membership;
        this.ownPids = ownPids;
        this.ended = ended;
    }

    Optional<Child> find(ChildKey key) {
        return Optional.ofNullable(present.get(key));
    }

    boolean contains(ChildKey key) {
        return present.containsKey(key);
    }

    boolean isPresent(Child child) {
        return child.equals(present.get(child.key()));
    }

    Collection<Child> present() {
        return present.values();
    }

    /** Those that handed over and have not ended. */
    List<Child> former(ChildKey key) {
        return former.getOrDefault(key, List.of());
    }

    /** Watches one that is held; it becomes the main of its incarnation in the place of one that is. */
    void hold(Child child) {
        Child before = present.put(child.key(), child);
        membership.add(child);
        try {
            reactor.watch(child.pidfd().fd(), Epoll.IN, ready -> ended.accept(child));
            if (before != null) {
                former.computeIfAbsent(child.key(), key -> new ArrayList<>()).add(before);
            }
        } catch (RuntimeException | Error failed) {
            reactor.unwatch(child.pidfd().fd());
            membership.remove(child);
            if (before == null) {
                present.remove(child.key());
            } else {
                present.put(child.key(), before);
                membership.add(before);
            }
            throw failed;
        }
    }

    /** One that had handed over is the main again. */
    void recall(Child child) {
        Child before = present.get(child.key());
        List<Child> others = former.get(child.key());
        if (before != null && others != null && others.remove(child)) {
            others.add(before);
            present.put(child.key(), child);
            membership.add(child);
        }
    }

    /** Reaps a former main that has ended; nothing if it is none. */
    void forget(Child child) {
        List<Child> others = former.get(child.key());
        if (others != null && others.contains(child)) {
            Waiter.reap(child.pidfd());
            others.remove(child);
            if (others.isEmpty()) {
                former.remove(child.key());
            }
            letGo(child);
            child.pidfd().close();
        }
    }

    /** Holds a main no longer that was reaped, nor those it took over from; only its own descriptor stays open. */
    void release(Child child) {
        letGo(child);
        present.remove(child.key());
        List<Child> others = former.remove(child.key());
        if (others != null) {
            others.forEach(this::letGo);
            others.forEach(other -> other.pidfd().close());
        }
    }

    private void letGo(Child child) {
        membership.remove(child);
        ownPids.remove(child.pid());
        reactor.unwatch(child.pidfd().fd());
    }

    /** Lets go of all; the descriptors stay open, for whoever waits for their ends. */
    List<Child> releaseAll() {
        List<Child> all = new ArrayList<>(present.values());
        former.values().forEach(all::addAll);
        all.stream().map(Child::pidfd).map(Pidfd::fd).forEach(reactor::unwatch);
        present.clear();
        former.clear();
        return all;
    }
}
