package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.TimerFired;
import io.respawn.core.TimerKey;
import io.respawn.core.TimerKey.OfIntent;
import io.respawn.linux.Reactor;
import io.respawn.model.IntentId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootTimersIT {

    private record Fired(TimerKey key, Instant at) {}

    private final SteadyClock clock = new SteadyClock();
    private final BlockingQueue<Fired> fired = new LinkedBlockingQueue<>();
    private final List<Throwable> errors = new ArrayList<>();
    private final Reactor reactor = new Reactor(errors::add);
    private final BootTimers timers =
            new BootTimers(reactor, clock, event -> fired.add(new Fired(((TimerFired) event).key(), clock.instant())));
    private final Thread loop = new Thread(reactor::run, "test-loop");

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        reactor.execute(timers::close);
        reactor.stop();
        loop.join(10_000);
        reactor.close();
        assertThat(errors).isEmpty();
    }

    @Test
    void firesInTheOrderOfTheDeadlinesAndNeverEarly() throws InterruptedException {
        // given
        Instant now = clock.instant();

        // when
        reactor.execute(() -> {
            timers.arm(key("late"), now.plusMillis(120));
            timers.arm(key("past"), now.minusSeconds(5));
            timers.arm(key("early"), now.plusMillis(60));
        });

        // then
        assertThat(next().key()).isEqualTo(key("past"));
        Fired early = next();
        assertThat(early.key()).isEqualTo(key("early"));
        assertThat(early.at()).isAfterOrEqualTo(now.plusMillis(60));
        Fired late = next();
        assertThat(late.key()).isEqualTo(key("late"));
        assertThat(late.at()).isAfterOrEqualTo(now.plusMillis(120));
    }

    @Test
    void neverFiresWhatWasCancelledOrReplaced() throws InterruptedException {
        // given
        Instant now = clock.instant();

        // when: all in one turn, and the deadlines of two are in the past by then
        reactor.execute(() -> {
            timers.arm(key("cancelled"), now.minusMillis(1));
            timers.arm(key("replaced"), now.minusMillis(1));
            timers.arm(key("last"), now.plusMillis(80));
            timers.cancel(key("cancelled"));
            timers.arm(key("replaced"), now.plusMillis(40));
        });

        // then
        Fired replaced = next();
        assertThat(replaced.key()).isEqualTo(key("replaced"));
        assertThat(replaced.at()).isAfterOrEqualTo(now.plusMillis(40));
        assertThat(next().key()).isEqualTo(key("last"));
        assertThat(fired).isEmpty();
        // A timer is kept until it has been told.
        await().atMost(Duration.ofSeconds(5)).until(() -> timers.armed() == 0);
    }

    @Test
    void doesNotDriftWhenATimerIsArmedAgainAndAgain() throws InterruptedException {
        // given
        Instant begin = clock.instant();
        int turns = 50;
        Duration period = Duration.ofMillis(4);

        // when: each deadline follows from the first, whatever each firing took
        for (int turn = 1; turn <= turns; turn++) {
            Instant deadline = begin.plus(period.multipliedBy(turn));
            reactor.execute(() -> timers.arm(key("beat"), deadline));
            assertThat(next().at()).isAfterOrEqualTo(deadline);
        }

        // then: a machine under load may be late once, but lateness does not add up
        assertThat(Duration.between(begin, clock.instant()))
                .isBetween(period.multipliedBy(turns), Duration.ofSeconds(5));
    }

    @Test
    void keepsTenThousandTimersApart() throws InterruptedException {
        // given
        int count = 10_000;
        Instant now = clock.instant();
        var random = new Random(7);
        List<Instant> deadlines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            deadlines.add(now.plusMillis(2000 + random.nextInt(200)));
        }

        // when
        long began = System.nanoTime();
        reactor.execute(() -> {
            for (int i = 0; i < count; i++) {
                timers.arm(key("timer-" + i), now.plusSeconds(3600));
                timers.arm(key("timer-" + i), deadlines.get(i));
            }
            for (int i = 0; i < count; i += 2) {
                timers.cancel(key("timer-" + i));
            }
            fired.add(new Fired(key("armed"), clock.instant()));
        });
        assertThat(next().key()).isEqualTo(key("armed"));
        Duration armed = Duration.ofNanos(System.nanoTime() - began);

        // then
        assertThat(armed).isLessThan(Duration.ofSeconds(3));
        Instant last = now;
        for (int i = 0; i < count / 2; i++) {
            Fired one = next();
            int index = Integer.parseInt(((OfIntent) one.key()).intent().value().substring("timer-".length()));
            assertThat(index % 2).isOne();
            assertThat(deadlines.get(index)).isAfterOrEqualTo(last).isBeforeOrEqualTo(one.at());
            last = deadlines.get(index);
        }
        assertThat(fired).isEmpty();
    }

    @Test
    void aClockWithTheAnchorOfAnotherContinuesItsTime() {
        // given
        var next = new SteadyClock(clock.anchor());

        // when
        Instant first = clock.instant();
        Instant second = next.instant();
        Instant third = clock.stamp().now();

        // then
        assertThat(first).isBeforeOrEqualTo(second);
        assertThat(second).isBeforeOrEqualTo(third);
        assertThat(next.stamp().entropy()).isNotEqualTo(next.stamp().entropy());
    }

    private Fired next() throws InterruptedException {
        Fired next = fired.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a timer fires; errors: %s", errors).isNotNull();
        return next;
    }

    private static TimerKey key(String name) {
        return new OfIntent(new IntentId(name), false);
    }
}
