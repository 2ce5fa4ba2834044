package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Reads what real processes use: this one, which does known things, and one that is gone. */
class UsageReaderIT {

    private static final int MIB = 1 << 20;

    private final UsageReader reader = new UsageReader();
    private final int self = ProcFs.ownPid();

    @Test
    void seesThreadsMemoryAndProcessorTimeOfAProcess() throws InterruptedException {
        // given
        ProcessUsage before = reader.usage(self).orElseThrow();
        var end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    end.await();
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(64 * MIB);
        for (int at = 0; at < memory.capacity(); at += 4096) {
            memory.put(at, (byte) 1);
        }
        long until = System.nanoTime() + Duration.ofMillis(300).toNanos();
        long turns = 0;
        while (System.nanoTime() < until) {
            turns++;
        }

        // when
        ProcessUsage after = reader.usage(self).orElseThrow();
        end.countDown();

        // then
        assertThat(turns).isPositive();
        assertThat(after.pid()).isEqualTo(self);
        assertThat(after.startTicks()).isEqualTo(ProcFs.stat(self).orElseThrow().startTicks());
        assertThat(after.session()).isEqualTo(ProcFs.stat(self).orElseThrow().session());
        assertThat(after.threads() - before.threads()).isBetween(15, 40);
        assertThat(after.residentBytes() - before.residentBytes()).isGreaterThan(50L * MIB);
        assertThat(after.cpuTime().minus(before.cpuTime())).isGreaterThan(Duration.ofMillis(50));
        assertThat(memory.get(0)).isEqualTo((byte) 1);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void countsDescriptors() throws IOException {
        // given
        int before = reader.descriptors(self).orElseThrow();
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            open.add(Files.newInputStream(Path.of("/dev/null")));
        }

        // when
        int after = reader.descriptors(self).orElseThrow();
        for (InputStream each : open) {
            each.close();
        }

        // then
        assertThat(after - before).isBetween(40, 60);
    }

    @Test
    void findsTheMemoryOfAProcessPageByPage() {
        // when
        long all = reader.exactBytes(self, false).orElseThrow();
        long part = reader.exactBytes(self, true).orElseThrow();

        // then
        double quick = (double) reader.usage(self).orElseThrow().residentBytes();
        assertThat((double) all).isCloseTo(quick, Percentage.withPercentage(20));
        assertThat(part).isPositive().isLessThanOrEqualTo(all);
    }

    @Test
    void knowsNothingOfAProcessThatIsGone() throws Exception {
        // given
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        int pid = Math.toIntExact(gone.pid());

        // then
        assertThat(reader.usage(pid)).isEmpty();
        assertThat(reader.descriptors(pid)).isEmpty();
        assertThat(reader.exactBytes(pid, true)).isEmpty();
    }
}
