package io.respawn.process;

import io.respawn.core.Event;
import io.respawn.core.Event.CommandReceived;
import io.respawn.core.Event.LineMatched;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.LineTrigger;
import io.respawn.model.Text;
import io.respawn.process.BoundedSearch.Result;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers lines of one instance by an order or an event, each trigger once in its interval; in between it is not even looked
 * for. A pattern that takes too long again and again is given up, since all output is read on one thread, which is the
 * only one that calls this.
 */
final class LineTriggers {

    /** Less than a millisecond. */
    static final int STEPS = 100_000;

    private static final Logger LOG = System.getLogger(LineTriggers.class.getName());

    private static final String SOURCE = "line";
    private static final int PATIENCE = 10;
    private static final int LONGEST_QUOTE = 120;

    private final InstanceId instance;
    private final InstantSource clock;
    private final EventSink events;
    private final Statistics statistics;
    private final Map<String, Instant> answered = new HashMap<>();
    private List<LineTrigger> declared = List.of();
    private List<Armed> armed = List.of();

    LineTriggers(InstanceId instance, InstantSource clock, EventSink events, Statistics statistics) {
        this.instance = instance;
        this.clock = clock;
        this.events = events;
        this.statistics = statistics;
    }

    /** Goes on from what an earlier image of this process has answered. */
    void goOn(List<KeptTrigger> kept) {
        kept.stream()
                .filter(each -> each.instance().equals(instance))
                .forEach(each -> answered.put(each.name(), each.at()));
    }

    List<KeptTrigger> kept() {
        return answered.entrySet().stream()
                .map(each -> new KeptTrigger(instance, each.getKey(), each.getValue()))
                .toList();
    }

    /** These are declared from now on. */
    void follow(List<LineTrigger> wanted) {
        if (!wanted.equals(declared)) {
            declared = wanted;
            armed = wanted.stream().map(Armed::new).toList();
        }
    }

    /** A line of the process of this incarnation. */
    void look(long incarnation, String line) {
        for (Armed each : armed) {
            if (each.matches(line)) {
                answer(each.trigger, incarnation, line);
            }
        }
    }

    private void answer(LineTrigger trigger, long incarnation, String line) {
        Instant now = clock.instant();
        answered.put(trigger.name(), now);
        statistics.lineMatched(instance.service(), trigger.name());
        events.accept(event(trigger, incarnation, line, now));
    }

    private Event event(LineTrigger trigger, long incarnation, String line, Instant now) {
        String reason = "a line of its output matches '" + trigger.name() + "'"
                + (trigger.showsLine() ? ": " + quote(line) : "");
        String id = SOURCE + "/" + instance + "/" + incarnation + "/" + trigger.name();
        return switch (trigger.reaction()) {
            case REPORT -> new LineMatched(instance, incarnation, reason);
            // A process is restarted once, whatever it goes on printing.
            case RESTART -> order(id, Action.RESTART, trigger, incarnation, reason);
            case SIGNAL -> order(id + "/" + now.getEpochSecond(), Action.SIGNAL, trigger, incarnation, reason);
        };
    }

    private Event order(String id, Action action, LineTrigger trigger, long incarnation, String reason) {
        return new CommandReceived(
                Command.about(new IntentId(id), SOURCE, action, trigger.signal(), instance, incarnation, reason),
                Optional.empty());
    }

    private static String quote(String line) {
        String text = Text.bounded(line);
        return text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
    }

    /** A trigger and how it fares. */
    private final class Armed {
        private final LineTrigger trigger;
        private final BoundedSearch search;
        private int exhausted;

        Armed(LineTrigger trigger) {
            this.trigger = trigger;
            this.search = new BoundedSearch(trigger.line().pattern(), STEPS);
        }

        boolean matches(String line) {
            if (exhausted >= PATIENCE || isRecent()) {
                return false;
            }
            Result result = search.in(line);
            if (result == Result.GIVEN_UP && ++exhausted == PATIENCE) {
                LOG.log(
                        Level.ERROR,
                        "Cannot look for lines of {0} that match ''{1}'' any more: the pattern ''{2}'' takes too long on"
                                + " what it prints; write a simpler one",
                        instance,
                        trigger.name(),
                        search);
            }
            return result == Result.FOUND;
        }

        private boolean isRecent() {
            Instant last = answered.get(trigger.name());
            return last != null && clock.instant().isBefore(last.plus(trigger.apart()));
        }
    }
}
