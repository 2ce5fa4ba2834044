package io.respawn.core;

import io.respawn.model.Action;
import io.respawn.model.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The open intents by service, ordered such that whose turn it is can be told without looking at all that wait: otherwise
 * each order would cost as much as there are orders in front of it.
 */
final class OpenIntents {

    /** Intents of two lives that did not know each other may have the same order. */
    private static final Comparator<Intent> BY_ACCEPTANCE = (one, other) -> {
        int byOrder = Long.compare(one.order(), other.order());
        return byOrder == 0 ? one.id().compareTo(other.id()) : byOrder;
    };

    private static final Comparator<Intent> BY_BEGIN = (one, other) -> {
        int byBegin = begin(one).compareTo(begin(other));
        return byBegin == 0 ? BY_ACCEPTANCE.compare(one, other) : byBegin;
    };

    private static final Comparator<Intent> BY_EXPIRY = (one, other) -> {
        int byExpiry = expiry(one).compareTo(expiry(other));
        return byExpiry == 0 ? BY_ACCEPTANCE.compare(one, other) : byExpiry;
    };

    private final SortedMap<String, Line> lines = new TreeMap<>();
    private final SortedSet<Intent> local = new TreeSet<>(BY_ACCEPTANCE);
    private int count;
    private long bytes;

    void add(Intent intent) {
        count++;
        bytes += intent.command().size();
        lines.computeIfAbsent(name(intent.command().service()), first -> new Line())
                .add(intent);
        if (waitsHereOnly(intent)) {
            local.add(intent);
        }
    }

    void remove(Intent intent) {
        if (waitsHereOnly(intent)) {
            local.remove(intent);
        }
        count--;
        bytes -= intent.command().size();
        String name = name(intent.command().service());
        Line line = line(intent.command().service());
        line.remove(intent);
        if (line.isEmpty()) {
            lines.remove(name);
        }
    }

    private static boolean waitsHereOnly(Intent intent) {
        return intent.origin() == Intent.Origin.LOCAL && intent.phase() instanceof Intent.Pending;
    }

    /** Those that wait, and that nobody but this host would carry out. */
    List<Intent> local() {
        return List.copyOf(local);
    }

    /** How many wait or are under way. */
    int count() {
        return count;
    }

    /** What those take. */
    long bytes() {
        return bytes;
    }

    /** The services that have open intents, declared or not. */
    List<Optional<ServiceName>> services() {
        return lines.keySet().stream()
                .map(name -> name.isEmpty() ? Optional.<ServiceName>empty() : Optional.of(new ServiceName(name)))
                .toList();
    }

    /** All of a service in the order of acceptance. */
    List<Intent> of(Optional<ServiceName> service) {
        Line line = line(service);
        return Stream.of(line.started.stream(), line.stops.all(), line.forced.all(), line.others.all())
                .flatMap(part -> part)
                .sorted(BY_ACCEPTANCE)
                .toList();
    }

    /** The one of a service that is started; there is at most one, since they are carried out in order. */
    Optional<Intent> started(Optional<ServiceName> service) {
        return line(service).started.stream().findFirst();
    }

    /** Those of a service that wait and have expired. */
    List<Intent> expired(Optional<ServiceName> service, Instant now) {
        return line(service).expiring.stream()
                .takeWhile(intent -> !now.isBefore(expiry(intent)))
                .sorted(BY_ACCEPTANCE)
                .toList();
    }

    /** The first stop of a service that waits, need not wait for its time, and is as wanted. */
    Optional<Intent> firstStop(Optional<ServiceName> service, Instant now, Predicate<Intent> wanted) {
        return line(service).stops.first(now, wanted);
    }

    /** The same of what else is forced. */
    Optional<Intent> firstForced(Optional<ServiceName> service, Instant now, Predicate<Intent> wanted) {
        return line(service).forced.first(now, wanted);
    }

    /** The same of everything else that can be ordered. */
    Optional<Intent> firstOther(Optional<ServiceName> service, Instant now, Predicate<Intent> wanted) {
        return line(service).others.first(now, wanted);
    }

    /** Those of a service, but for stops, that wait and need not wait for their time, in the order of acceptance. */
    List<Intent> others(Optional<ServiceName> service, Instant now) {
        Line line = line(service);
        return Stream.concat(line.forced.due(now), line.others.due(now))
                .sorted(BY_ACCEPTANCE)
                .toList();
    }

    /** Which of two was accepted first, if there are two. */
    static Optional<Intent> earlier(Optional<Intent> one, Optional<Intent> other) {
        return one.filter(first -> other.isEmpty() || BY_ACCEPTANCE.compare(first, other.get()) < 0)
                .or(() -> other);
    }

    private static Instant begin(Intent intent) {
        return intent.command().notBefore().orElseThrow();
    }

    private static Instant expiry(Intent intent) {
        return intent.command().expiresAt().orElseThrow();
    }

    private Line line(Optional<ServiceName> service) {
        Line line = lines.get(name(service));
        return line == null ? new Line() : line;
    }

    private static String name(Optional<ServiceName> service) {
        return service.map(ServiceName::value).orElse("");
    }

    /** Those of one service. */
    private static final class Line {
        private final SortedSet<Intent> started = new TreeSet<>(BY_ACCEPTANCE);
        private final Pending stops = new Pending();
        private final Pending forced = new Pending();
        private final Pending others = new Pending();
        private final SortedSet<Intent> expiring = new TreeSet<>(BY_EXPIRY);

        private void add(Intent intent) {
            if (intent.phase() instanceof Intent.Pending) {
                place(intent).add(intent);
                intent.command().expiresAt().ifPresent(at -> expiring.add(intent));
            } else {
                started.add(intent);
            }
        }

        private void remove(Intent intent) {
            if (intent.phase() instanceof Intent.Pending) {
                place(intent).remove(intent);
                intent.command().expiresAt().ifPresent(at -> expiring.remove(intent));
            } else {
                started.remove(intent);
            }
        }

        private SortedSet<Intent> place(Intent intent) {
            Pending kind = intent.command().action() == Action.STOP
                    ? stops
                    : intent.command().force() ? forced : others;
            return intent.command().notBefore().isPresent() ? kind.timed : kind.prompt;
        }

        private boolean isEmpty() {
            return started.isEmpty() && stops.isEmpty() && forced.isEmpty() && others.isEmpty();
        }
    }

    /** Those of one service and kind that wait. */
    private static final class Pending {
        private final SortedSet<Intent> prompt = new TreeSet<>(BY_ACCEPTANCE);
        private final SortedSet<Intent> timed = new TreeSet<>(BY_BEGIN);

        private boolean isEmpty() {
            return prompt.isEmpty() && timed.isEmpty();
        }

        private Stream<Intent> all() {
            return Stream.concat(prompt.stream(), timed.stream());
        }

        /** Most often nothing is due; that is asked for each order. */
        private Optional<Intent> first(Instant now, Predicate<Intent> wanted) {
            boolean none = prompt.isEmpty() && (timed.isEmpty() || now.isBefore(begin(timed.first())));
            return none ? Optional.empty() : due(now).filter(wanted).findFirst();
        }

        private Stream<Intent> due(Instant now) {
            if (timed.isEmpty() || now.isBefore(begin(timed.first()))) {
                return prompt.stream();
            }
            List<Intent> all = new ArrayList<>(prompt);
            timed.stream().takeWhile(intent -> !now.isBefore(begin(intent))).forEach(all::add);
            return all.stream().sorted(BY_ACCEPTANCE);
        }
    }
}
