package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which SIGKILL was the kernel's, by what a control group counts. */
class MemoryKillsTest {

    private static final Path FILE = Path.of("/sys/fs/cgroup/web/memory.events");
    private static final Path OTHER = Path.of("/sys/fs/cgroup/db/memory.events");

    private final AtomicLong nanos = new AtomicLong(1);
    private final MemoryKills kills = new MemoryKills(nanos::get);

    @Test
    void tellsOneProcessForEachCount() {
        // given
        assertThat(claim(FILE, 4))
                .as("nobody knows what is new at the first look")
                .isFalse();

        // then
        assertThat(claim(FILE, 4)).isFalse();
        assertThat(claim(FILE, 6)).isTrue();
        assertThat(claim(FILE, 6)).isTrue();
        assertThat(claim(FILE, 6)).isFalse();
        assertThat(claim(OTHER, 0)).isFalse();
        assertThat(claim(OTHER, 1)).isTrue();
    }

    @Test
    void doesNotBlameAKillOfLongAgo() {
        // given a count that nobody claimed, of a child perhaps
        claim(FILE, 0);
        claim(FILE, 2);

        // when
        nanos.addAndGet(MemoryKills.FRESH.plus(Duration.ofNanos(1)).toNanos());

        // then
        assertThat(claim(FILE, 2)).isFalse();
        assertThat(claim(FILE, 3)).isTrue();
        assertThat(claim(FILE, 3)).isFalse();
    }

    @Test
    void takesNoLateReadingForANewCount() {
        // given
        claim(FILE, 0);
        assertThat(claim(FILE, 1)).isTrue();

        // when what was read before that arrives
        assertThat(claim(FILE, 0)).isFalse();

        // then
        assertThat(claim(FILE, 1)).isFalse();
    }

    @Test
    void saysNothingWhereNothingIsCounted() {
        assertThat(kills.claim(FILE, OptionalLong.empty())).isFalse();
        assertThat(claim(FILE, 1)).isFalse();
    }

    private boolean claim(Path file, long count) {
        return kills.claim(file, OptionalLong.of(count));
    }
}
