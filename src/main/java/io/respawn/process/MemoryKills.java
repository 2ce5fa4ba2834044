package io.respawn.process;

import io.respawn.linux.LinuxException;
import io.respawn.linux.OomEvents;
import io.respawn.model.ProcessIdentity;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the SIGKILL of a kernel that is out of memory from any other: the control group of the process counts one more. Of
 * a group that is looked at for the first time nobody knows what is new. Each count stands for one process and is used up
 * by it, or by time. Thread-safe; the loop asks, and a thread of its own looks now and then.
 */
final class MemoryKills {

    /** So long may a process take from the count to its end. */
    static final Duration FRESH = Duration.ofSeconds(5);

    private static final Logger LOG = System.getLogger(MemoryKills.class.getName());

    private final LongSupplier nanos;
    private final Map<Path, Count> counts = new HashMap<>();
    private Map<ProcessIdentity, Path> files = new HashMap<>();
    private @Nullable OomEvents events;

    /** Seen once: they may still move to a group of their own. Of the thread that looks. */
    private Set<ProcessIdentity> unsettled = Set.of();

    private Optional<Path> own = Optional.empty();

    /** What a file said last, and how many since nobody was told of. */
    private record Count(long seen, long open, long since) {}

    /** Reads the clock in nanoseconds from {@code nanos}. */
    MemoryKills(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Looks where the counts stand, of the sidecar's own group and those of its services. Not on the loop. */
    void look(Collection<ProcessIdentity> mains) {
        try {
            OomEvents places = places();
            Map<ProcessIdentity, Path> known = known();
            Map<ProcessIdentity, Path> now = new HashMap<>();
            Set<ProcessIdentity> young = new HashSet<>();
            for (ProcessIdentity main : mains) {
                Optional<Path> before = Optional.ofNullable(known.get(main));
                before.filter(file -> !unsettled.contains(main))
                        .or(() -> places.of(main.pid()))
                        .ifPresent(file -> now.put(main, file));
                if (before.isEmpty()) {
                    young.add(main);
                }
            }
            unsettled = young;
            Set<Path> all = new HashSet<>(now.values());
            Optional<Path> ofSelf = places.ofSelf();
            ofSelf.ifPresent(all::add);
            // Read before anybody has to wait for it.
            Map<Path, OptionalLong> said = new HashMap<>();
            all.forEach(file -> said.put(file, OomEvents.count(file)));
            keep(now, ofSelf, said);
        } catch (LinuxException scarce) {
            LOG.log(Level.DEBUG, "Cannot look after control groups this time", scarce);
        }
    }

    private synchronized OomEvents places() {
        OomEvents found = events == null ? new OomEvents() : events;
        events = found;
        return found;
    }

    private synchronized Map<ProcessIdentity, Path> known() {
        return files;
    }

    private synchronized void keep(
            Map<ProcessIdentity, Path> now, Optional<Path> ofSelf, Map<Path, OptionalLong> said) {
        files = now;
        own = ofSelf;
        counts.keySet().retainAll(said.keySet());
        said.forEach(this::read);
    }

    /** Whether the kernel counted one that can only be this process, which SIGKILL has ended. */
    synchronized boolean claim(ProcessIdentity main) {
        Optional<Path> file = Optional.ofNullable(files.get(main)).or(() -> own);
        try {
            return file.isPresent() && claim(file.get(), OomEvents.count(file.get()));
        } catch (LinuxException scarce) {
            LOG.log(Level.DEBUG, "Cannot tell who ended " + main, scarce);
            return false;
        }
    }

    /** The same by what its file says. */
    synchronized boolean claim(Path file, OptionalLong says) {
        Count now = read(file, says);
        if (now == null || now.open() == 0) {
            return false;
        }
        counts.put(file, new Count(now.seen(), now.open() - 1, now.since()));
        return true;
    }

    private @Nullable Count read(Path file, OptionalLong says) {
        if (says.isEmpty()) {
            return null;
        }
        long count = says.getAsLong();
        long time = nanos.getAsLong();
        Count before = counts.get(file);
        if (before == null) {
            before = new Count(count, 0, time);
        }
        boolean stale = time - before.since() > FRESH.toNanos();
        long open = (stale ? 0 : before.open()) + Math.max(0, count - before.seen());
        Count now = new Count(Math.max(count, before.seen()), open, count > before.seen() ? time : before.since());
        counts.put(file, now);
        return now;
    }
}
