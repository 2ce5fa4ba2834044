package io.respawn.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.MemoryPressure;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The sum of processor time over processes that come and go; {@code -Dseed=} repeats a run. */
class CpuAccountTest {

    private static final ProcessIdentity MAIN = new ProcessIdentity(10, 1);
    private static final ProcessIdentity CHILD = new ProcessIdentity(11, 2);
    private static final InstanceId WEB = new InstanceId(new ServiceName("web"), 0);

    private final CpuAccount account = new CpuAccount();

    @Test
    void countsAReapedChildOnceWheneverItsParentShowsIt() {
        // given
        account.seen(1, List.of(reading(MAIN, 1, 5, 0), reading(CHILD, 10, 7, 0)));

        // when the child used one more second before it was reaped, which shows a look after it is gone
        account.seen(1, List.of(reading(MAIN, 1, 6, 0)));
        account.seen(1, List.of(reading(MAIN, 1, 6, 8)));

        // then
        assertThat(account.total()).isEqualTo(Duration.ofSeconds(14));
    }

    @Test
    void keepsWhatAProcessUsedThatNobodyReaps() {
        // given
        account.seen(1, List.of(reading(MAIN, 1, 5, 0), reading(CHILD, 1, 7, 0)));

        // when
        account.seen(1, List.of(reading(MAIN, 1, 6, 0)));

        // then
        assertThat(account.total()).isEqualTo(Duration.ofSeconds(13));
    }

    @Test
    void takesTheRestFromTheKernelWhenTheMainEnds() {
        // given
        account.seen(1, List.of(reading(MAIN, 1, 5, 1), reading(CHILD, 10, 7, 0)));

        // when what was reaped is in it
        account.ended(1, Optional.of(Duration.ofSeconds(15)));
        account.ended(1, Optional.of(Duration.ofSeconds(15)));
        account.seen(1, List.of(reading(MAIN, 1, 5, 1)));

        // then
        assertThat(account.total()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void countsAProcessThatWasNeverLookedAt() {
        // when
        account.ended(1, Optional.of(Duration.ofSeconds(2)));
        account.ended(2, Optional.empty());
        account.ended(3, Optional.of(Duration.ofSeconds(3)));

        // then
        assertThat(account.total()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void goesOnInTheNextImage() {
        // given
        account.seen(1, List.of(reading(MAIN, 1, 5, 0)));
        account.ended(1, Optional.of(Duration.ofSeconds(6)));
        account.seen(2, List.of(reading(CHILD, 1, 4, 0)));

        // when
        var next = new CpuAccount(
                new KeptUsage(WEB, account.incarnation(), account.total(), account.counted(), MemoryPressure.DEFAULT));
        next.seen(2, List.of(reading(CHILD, 1, 9, 0)));

        // then
        assertThat(next.total()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void neverFallsAndNeverExceedsWhatWasUsed() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int i = 0; i < 2_000; i++) {
            new Tree(seed + i).live();
        }
    }

    private static ProcessReading reading(ProcessIdentity process, int parent, long own, long inherited) {
        return new ProcessReading(process, parent, Duration.ofSeconds(own), Duration.ofSeconds(inherited));
    }

    /** Processes that work, start others, end, and are reaped by their parents or by nobody, looked at all together. */
    private static final class Tree {
        private final long seed;
        private final Random random;
        private final CpuAccount account = new CpuAccount();
        private final Map<Integer, long[]> living = new HashMap<>();
        private final Map<Integer, Integer> parents = new HashMap<>();
        private int next = 100;
        private long used;

        Tree(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void live() {
            long before = 0;
            for (int incarnation = 1; incarnation <= 3; incarnation++) {
                living.clear();
                int main = born(1);
                for (int i = 0; i < 30; i++) {
                    act(main);
                    if (random.nextInt(3) == 0) {
                        account.seen(incarnation, readings());
                        before = checked(before, i);
                    }
                }
                // All that was seen is counted if nobody ended since the last look.
                account.seen(incarnation, readings());
                before = checked(before, 30);
                long[] times = living.get(main);
                account.ended(incarnation, Optional.of(Duration.ofSeconds(times[0] + times[1])));
                before = checked(before, 31);
            }
        }

        private int born(int parent) {
            int pid = next++;
            living.put(pid, new long[2]);
            parents.put(pid, parent);
            return pid;
        }

        private void act(int main) {
            List<Integer> pids = new ArrayList<>(living.keySet());
            int pid = pids.get(random.nextInt(pids.size()));
            switch (random.nextInt(4)) {
                case 0 -> born(pid);
                case 1 -> {
                    if (pid != main) {
                        end(pid);
                    }
                }
                default -> {
                    long time = random.nextInt(10);
                    living.get(pid)[0] += time;
                    used += time;
                }
            }
        }

        private void end(int pid) {
            long[] times = living.remove(pid);
            long[] parent = living.get(parents.get(pid));
            parents.replaceAll((child, of) -> of == pid ? 1 : of);
            if (parent != null && random.nextInt(4) > 0) {
                parent[1] += times[0] + times[1];
            }
        }

        private List<ProcessReading> readings() {
            return living.entrySet().stream()
                    .map(each -> reading(
                            new ProcessIdentity(each.getKey(), each.getKey()),
                            parents.get(each.getKey()),
                            each.getValue()[0],
                            each.getValue()[1]))
                    .toList();
        }

        private long checked(long before, int step) {
            long now = account.total().toSeconds();
            assertThat(now).as("seed %d, step %d", seed, step).isBetween(before, used);
            return now;
        }
    }
}
