package io.respawn.schedule;

import io.respawn.core.PlannedRun;
import io.respawn.core.Service;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Text;
import io.respawn.supervise.Schedules;
import io.respawn.supervise.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides what schedules order now. It remembers nothing: what was ordered before is in the state, and so it comes to the
 * same whoever decides, this image, the next one, or one on another host.
 */
final class Agenda {

    /** More than any plan has; reloads that change them again and again must not fill the memory. */
    private static final int MOST = 4_000;

    /** Computed once for each, since most of it is to understand the fields. */
    private final Map<Schedule, Times> times = new ConcurrentHashMap<>();

    /**
     * What a look at the clock leads to.
     *
     * @param orders to give now
     * @param next when there will be others, if nothing changes
     */
    record Look(List<Command> orders, Optional<Instant> next) {}

    /** {@code now} is what the clock on the wall shows. */
    Look look(Snapshot snapshot, Instant now) {
        List<Command> orders = new ArrayList<>();
        List<Instant> next = new ArrayList<>();
        Map<ServiceName, Past> pasts = Past.of(snapshot);
        for (ServiceSpec spec : snapshot.plan().services().values()) {
            Schedule schedule = spec.schedule();
            if (schedule.timetable().isPresent()) {
                Past past = pasts.getOrDefault(spec.name(), Past.none());
                Planning planning = planning(spec, snapshot);
                Optional<Command> order = order(spec, planning, past, snapshot, now);
                order.ifPresent(orders::add);
                Instant seenTo = order.isPresent() ? now : past.seenTo(now);
                planning.next(seenTo, past.times(), now).ifPresent(next::add);
            }
            if (schedule.maxAge().isPresent()) {
                ages(spec, snapshot, orders, now).ifPresent(next::add);
            }
        }
        return new Look(orders, next.stream().min(Instant::compareTo));
    }

    private Planning planning(ServiceSpec spec, Snapshot snapshot) {
        Schedule schedule = spec.schedule();
        if (times.size() > MOST) {
            times.clear();
        }
        Times known = times.computeIfAbsent(
                schedule, first -> Times.of(first.timetable().orElseThrow(), first.zone()));
        return new Planning(snapshot.plan().id(), spec.name(), schedule, known);
    }

    private static Optional<Command> order(
            ServiceSpec spec, Planning planning, Past past, Snapshot snapshot, Instant now) {
        String begin = Text.bounded("counts from now on: " + words(spec.schedule()));
        if (!past.hasBegun(begin, now)) {
            return Optional.of(command(PlannedRun.begin(spec.name(), now), Action.PING, spec.name(), begin));
        }
        return planning.due(past.seenTo(now), now).map(due -> order(spec, due, snapshot));
    }

    private static Command order(ServiceSpec spec, Planning.Due due, Snapshot snapshot) {
        Schedule schedule = spec.schedule();
        Action action =
                schedule.isJob() && schedule.overlap() != Schedule.Overlap.REPLACE ? Action.START : Action.RESTART;
        boolean skipped = due.isMissed() && schedule.missed() == Schedule.Missed.SKIP;
        String planned = "planned for " + due.planned() + (due.further() ? ", the last of several" : "");
        String missed = due.isMissed() ? ", missed by " + words(due.late()) : "";
        String rule = due.isMissed() ? (skipped ? ", skipped" : ", made up for") : "";
        Command command =
                command(PlannedRun.id(spec.name(), due.planned()), action, spec.name(), planned + missed + rule);
        // By the clock of the loop, whatever the one on the wall shows: it ends as what came too late.
        return skipped ? command.until(snapshot.at()) : command;
    }

    private static Optional<Instant> ages(ServiceSpec spec, Snapshot snapshot, List<Command> orders, Instant now) {
        Optional<Instant> next = Optional.empty();
        for (Ages.End end : Ages.of(spec, snapshot)) {
            IntentId id = PlannedRun.ofAge(end.instance().id(), end.at());
            if (end.at().isAfter(snapshot.at())) {
                Instant then = now.plus(Duration.between(snapshot.at(), end.at()));
                next = Optional.of(next.filter(then::isAfter).orElse(then));
            } else if (!snapshot.intents().containsKey(id)) {
                String reason = "as old as it may become: "
                        + words(spec.schedule().maxAge().orElseThrow()) + " at most";
                orders.add(command(id, Action.RESTART, spec.name(), reason)
                        .at(end.instance().id().index(), end.instance().incarnation()));
            }
        }
        return next;
    }

    private static Command command(IntentId id, Action action, ServiceName service, String reason) {
        return Command.of(id, PlannedRun.SOURCE, action, Optional.of(service)).because(reason, PlannedRun.SOURCE);
    }

    private static String words(Schedule schedule) {
        return (schedule.isJob() ? "run " : "restart ") + schedule.timetable().orElseThrow() + " in "
                + schedule.timeZone();
    }

    /** To the second, which is as exact as a reason has to be. */
    private static String words(Duration time) {
        return Duration.ofSeconds(time.toSeconds()).toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** How it stands with all of them. */
    Map<ServiceName, Schedules.Outlook> outlook(Snapshot snapshot, Instant now) {
        Map<ServiceName, Schedules.Outlook> outlooks = new TreeMap<>();
        List<ServiceSpec> scheduled = snapshot.plan().services().values().stream()
                .filter(spec -> !spec.schedule().isEmpty())
                .toList();
        Map<ServiceName, Past> pasts = scheduled.isEmpty() ? Map.of() : Past.of(snapshot);
        for (ServiceSpec spec : scheduled) {
            Past past = pasts.getOrDefault(spec.name(), Past.none());
            outlooks.put(spec.name(), outlook(spec, past, snapshot, now));
        }
        return outlooks;
    }

    private Schedules.Outlook outlook(ServiceSpec spec, Past past, Snapshot snapshot, Instant now) {
        Optional<Instant> next = Optional.empty();
        Service service = snapshot.services().get(spec.name());
        if (service != null && service.wantsUp() && spec.schedule().timetable().isPresent()) {
            next = planning(spec, snapshot).next(past.seenTo(now), past.times(), now);
        }
        Optional<Instant> tooOld =
                Ages.of(spec, snapshot).stream().map(Ages.End::at).min(Instant::compareTo);
        return new Schedules.Outlook(past.last(), next, tooOld);
    }
}
