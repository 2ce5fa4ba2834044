package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReactorIT {

    @Test
    void runsWorkOfAllThreadsInItsOwnThread() throws Exception {
        try (var loop = new LoopThread()) {
            // given
            List<Integer> done = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();

            // when
            for (int t = 0; t < 4; t++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        int number = i;
                        loop.reactor.execute(() -> done.add(loop.reactor.inLoop() ? number : -1));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            // then
            assertThat(loop.ask(() -> List.copyOf(done))).hasSize(20_000).doesNotContain(-1);
            assertThat(loop.reactor.depth()).isZero();
            assertThat(loop.reactor.inLoop()).isFalse();
        }
    }

    @Test
    void mendsAfterAFailureAndUntilNothingFailsAnyMore() throws Exception {
        try (var loop = new LoopThread()) {
            // given
            var mended = new AtomicInteger();
            loop.run(() -> loop.reactor.afterFailure(() -> {
                if (mended.incrementAndGet() < 3) {
                    throw new OutOfMemoryError("still none");
                }
            }));

            // when
            loop.reactor.execute(() -> {
                throw new OutOfMemoryError("none");
            });

            // then
            await().untilAtomic(mended, org.hamcrest.Matchers.equalTo(3));
            loop.run(() -> {});
            await().during(Reactor.BEFORE_MENDING.multipliedBy(4))
                    .untilAtomic(mended, org.hamcrest.Matchers.equalTo(3));
            loop.errors.clear();
        }
    }

    @Test
    void reportsWhatIsThrownAndGoesOn() throws Exception {
        try (var loop = new LoopThread();
                var event = new EventFd()) {
            // given
            var calls = new AtomicInteger();
            loop.run(() -> loop.reactor.watch(event.fd(), Epoll.IN, events -> {
                event.drain();
                calls.incrementAndGet();
                throw new IllegalStateException("from the handler");
            }));

            // when
            event.signal();
            await().untilAtomic(calls, org.hamcrest.Matchers.equalTo(1));
            loop.reactor.execute(() -> {
                throw new AssertionError("from the task");
            });
            event.signal();

            // then
            await().untilAtomic(calls, org.hamcrest.Matchers.equalTo(2));
            await().untilAsserted(() -> assertThat(loop.errors)
                    .extracting(Throwable::getMessage)
                    .containsExactlyInAnyOrder("from the handler", "from the task", "from the handler"));
        }
    }

    @Test
    void abandonedLoopEndsWithWhatItDoesAndDropsWhatWaits() throws Exception {
        // given
        List<String> done = new CopyOnWriteArrayList<>();
        try (var reactor = new Reactor(failure -> done.add(failure.toString()))) {
            reactor.execute(() -> {
                done.add("before");
                reactor.abandon();
                reactor.execute(() -> done.add("behind"));
            });
            reactor.execute(() -> done.add("after"));

            // when
            Thread loop = Thread.ofPlatform().start(reactor::run);
            loop.join();

            // then
            assertThat(done).containsExactly("before");
            assertThatThrownBy(() -> reactor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void firesATimerAtItsDeadlineAndNotBefore() throws Exception {
        try (var loop = new LoopThread();
                var timer = new TimerFd()) {
            // given
            var fired = new CompletableFuture<Long>();
            loop.run(() -> loop.reactor.watch(timer.fd(), Epoll.IN, events -> {
                assertThat(timer.drain()).isEqualTo(1);
                fired.complete(BootClock.nanos());
            }));
            long deadline = BootClock.nanos() + Duration.ofMillis(80).toNanos();

            // when
            timer.arm(deadline);

            // then
            assertThat(fired.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(deadline);
            assertThat(timer.drain()).isZero();
            assertThat(loop.errors).isEmpty();
        }
    }

    @Test
    void firesAPastDeadlineAtOnceAndADisarmedOneNever() throws Exception {
        try (var epoll = new Epoll();
                var past = new TimerFd();
                var disarmed = new TimerFd()) {
            // given
            epoll.add(past.fd(), Epoll.IN, 1);
            epoll.add(disarmed.fd(), Epoll.IN, 2);
            List<Long> tokens = new ArrayList<>();

            // when
            past.arm(0);
            disarmed.arm(0);
            disarmed.disarm();
            int events = epoll.await(Duration.ofSeconds(10), (what, token) -> tokens.add(token));

            // then
            assertThat(events).isEqualTo(1);
            assertThat(tokens).containsExactly(1L);
        }
    }

    @Test
    void keepsALateEventFromANewDescriptorWithTheSameNumber() throws Exception {
        try (var loop = new LoopThread()) {
            // given: two events in one turn, the first of whose handlers closes the other and reuses its number
            var stale = new AtomicInteger();
            var handled = new AtomicInteger();
            List<EventFd> open = new ArrayList<>();

            // when
            loop.run(() -> {
                EventFd[] pair = {new EventFd(), new EventFd()};
                for (int i = 0; i < 2; i++) {
                    EventFd mine = pair[i];
                    EventFd other = pair[1 - i];
                    open.add(mine);
                    loop.reactor.watch(mine.fd(), Epoll.IN, events -> {
                        handled.incrementAndGet();
                        mine.drain();
                        int number = other.fd();
                        loop.reactor.unwatch(number);
                        other.close();
                        EventFd successor = new EventFd();
                        open.add(successor);
                        assertThat(successor.fd()).isEqualTo(number);
                        loop.reactor.watch(number, Epoll.IN, late -> stale.incrementAndGet());
                    });
                    mine.signal();
                }
            });
            loop.run(() -> {});
            loop.run(() -> {});

            // then
            assertThat(handled).hasValue(1);
            assertThat(stale).hasValue(0);
            assertThat(loop.errors).isEmpty();
            open.forEach(EventFd::close);
        }
    }

    @Test
    void beatsEachSecondThoughNothingHappens() throws Exception {
        try (var loop = new LoopThread()) {
            // given
            long before = loop.reactor.lastBeat();

            // when // then
            await().atMost(Duration.ofSeconds(5)).until(() -> loop.reactor.lastBeat() != before);
        }
    }

    @Test
    void finishesWhatItTookAndRefusesTheRest() throws Exception {
        // given
        var loop = new LoopThread();
        var done = new AtomicInteger();
        loop.run(() -> {
            for (int i = 0; i < 100; i++) {
                loop.reactor.execute(done::incrementAndGet);
            }
            loop.reactor.stop();
        });

        // when
        loop.close();

        // then
        assertThat(done).hasValue(100);
        assertThatThrownBy(() -> loop.reactor.execute(done::incrementAndGet))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageStartingWith("Cannot hand work to the loop");
    }

    @Test
    void refusesWatchesFromOtherThreadsAndVirtualThreads() throws Exception {
        try (var loop = new LoopThread();
                var event = new EventFd();
                var other = new Reactor(thrown -> {})) {
            // given
            loop.run(() -> {});
            var virtual = new CompletableFuture<Void>();

            // when
            Thread.ofVirtual()
                    .start(() -> virtual.completeAsync(
                            () -> {
                                other.run();
                                return null;
                            },
                            Runnable::run));

            // then
            assertThatThrownBy(() -> loop.reactor.watch(event.fd(), Epoll.IN, events -> {}))
                    .hasMessageContaining("hand it over by execute");
            assertThatThrownBy(() -> virtual.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("on a virtual thread");
        }
    }
}
