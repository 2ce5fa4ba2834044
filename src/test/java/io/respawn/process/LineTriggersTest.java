package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.Event.CommandReceived;
import io.respawn.core.Event.LineMatched;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.InstanceId;
import io.respawn.model.LineTrigger;
import io.respawn.model.LineTrigger.Reaction;
import io.respawn.model.ReadyLine;
import io.respawn.model.Signal;
import io.respawn.supervise.Statistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which lines are answered, how, and how often; {@code -Dseed=} repeats a run. */
class LineTriggersTest {

    private static final InstanceId WEB = Rig.instance("web");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Event> events = new ArrayList<>();
    private final Statistics statistics = new Statistics();
    private Instant now = BEGIN;
    private final LineTriggers triggers = new LineTriggers(WEB, () -> now, events::add, statistics);

    private static LineTrigger trigger(String name, String pattern, Reaction reaction) {
        Optional<Signal> signal = reaction == Reaction.SIGNAL ? Optional.of(Signal.HUP) : Optional.empty();
        return new LineTrigger(name, new ReadyLine(pattern), reaction, signal, Duration.ofSeconds(10), false);
    }

    @Test
    void ordersARestartOfTheProcessThatWroteTheLine() {
        // given
        triggers.follow(List.of(trigger("heap", "OutOf\\w+Error", Reaction.RESTART)));

        // when
        triggers.look(7, "all is well");
        triggers.look(7, "java.lang.OutOfMemoryError: password=hunter2");

        // then
        Command order = ((CommandReceived) events.getFirst()).command();
        assertThat(events).hasSize(1);
        assertThat(order.id().value()).isEqualTo("line/web/0/7/heap");
        assertThat(order.action()).isEqualTo(Action.RESTART);
        assertThat(order.ifIncarnation()).hasValue(7);
        assertThat(order.reason()).isEqualTo("a line of its output matches 'heap'");
        assertThat(order.toString()).doesNotContain("hunter2");
    }

    @Test
    void sendsASignalAgainAfterItsInterval() {
        // given
        triggers.follow(List.of(trigger("stale", "expired", Reaction.SIGNAL)));

        // when
        triggers.look(1, "expired");
        now = BEGIN.plusSeconds(9);
        triggers.look(2, "expired");
        now = BEGIN.plusSeconds(10);
        triggers.look(2, "expired");

        // then
        assertThat(events)
                .extracting(event -> ((CommandReceived) event).command().id().value())
                .containsExactly(
                        "line/web/0/1/stale/" + BEGIN.getEpochSecond(),
                        "line/web/0/2/stale/" + BEGIN.plusSeconds(10).getEpochSecond());
        assertThat(((CommandReceived) events.getFirst()).command().signal()).contains(Signal.HUP);
    }

    @Test
    void showsTheLineOnlyIfItMayAndCutsIt() {
        // given
        var shown = new LineTrigger(
                "slow", new ReadyLine("took"), Reaction.REPORT, Optional.empty(), Duration.ofSeconds(1), true);
        triggers.follow(List.of(shown));

        // when
        triggers.look(1, "took\u001b[31m " + "x".repeat(500));

        // then
        assertThat(events)
                .containsExactly(new LineMatched(
                        WEB, 1, "a line of its output matches 'slow': took[31m " + "x".repeat(111) + "..."));
        assertThat(statistics.lineMatches()).hasSize(1);
    }

    @Test
    void goesOnWhereAnEarlierImageStoppedAndKeepsItsIntervalsOverAReload() {
        // given
        triggers.follow(List.of(trigger("heap", "bad", Reaction.REPORT)));
        triggers.look(1, "bad");
        var next = new LineTriggers(WEB, () -> now, events::add, statistics);
        next.goOn(triggers.kept());

        // when
        now = BEGIN.plusSeconds(5);
        next.follow(List.of(trigger("heap", "bad", Reaction.REPORT), trigger("other", "bad", Reaction.REPORT)));
        next.look(1, "bad");

        // then
        assertThat(events).hasSize(2);
        assertThat(((LineMatched) events.getLast()).detail()).contains("other");
    }

    @Test
    @Timeout(10)
    void givesUpAPatternThatTakesForEverAndNoOther() {
        // given
        triggers.follow(List.of(
                trigger("evil", "a*a*a*a*a*a*a*a*b$", Reaction.REPORT), trigger("good", "end$", Reaction.REPORT)));
        long begin = System.nanoTime();

        // when
        for (int i = 0; i < 10_000; i++) {
            triggers.look(1, "a".repeat(60));
        }
        triggers.look(1, "aab end");

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        assertThat(events).singleElement().asString().contains("good");
    }

    @Test
    void answersAtMostOnceInAnIntervalWhateverIsPrinted() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        triggers.follow(List.of(trigger("bad", "bad", Reaction.REPORT)));
        Instant last = Instant.EPOCH;
        for (int i = 0; i < 20_000; i++) {
            // given
            now = now.plusMillis(random.nextInt(800));
            boolean matches = random.nextInt(3) == 0;
            boolean expected = matches && !now.isBefore(last.plusSeconds(10));
            int before = events.size();

            // when
            triggers.look(1 + i / 1000, matches ? "it is bad" : "it is good");

            // then
            assertThat(events.size() - before).as("seed %d, line %d", seed, i).isEqualTo(expected ? 1 : 0);
            last = expected ? now : last;
        }
    }
}
