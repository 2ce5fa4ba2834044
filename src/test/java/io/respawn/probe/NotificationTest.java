package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NotificationTest {

    private static Notification parse(String message) {
        return Notification.parse(message.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsAWholeMessage() {
        // when
        Notification said = parse("READY=1\nSTATUS=serving\nWATCHDOG=1\nEXTEND_TIMEOUT_USEC=2500000\nX_OTHER=a=b\n");
        // then
        assertThat(said.up()).contains(true);
        assertThat(said.status()).contains("serving");
        assertThat(said.alive()).isTrue();
        assertThat(said.trigger()).isFalse();
        assertThat(said.extension()).contains(Duration.ofMillis(2500));
        assertThat(said.unclear()).isFalse();
    }

    @Test
    void leavesTheNumberOfAMainAsItWasWritten() {
        assertThat(parse("MAINPID=1\nMAINPID=42").main()).contains("42");
        assertThat(parse("MAINPID=soon").main()).contains("soon");
        assertThat(parse("READY=1").main()).isEmpty();
    }

    @Test
    void takesReloadingAndStoppingForNotBeingUp() {
        assertThat(parse("RELOADING=1\nMONOTONIC_USEC=17").up()).contains(false);
        assertThat(parse("STOPPING=1").words()).isEqualTo("it says that it is stopping");
        assertThat(parse("RELOADING=1\nREADY=1").up()).contains(true);
        assertThat(parse("WATCHDOG=trigger").trigger()).isTrue();
    }

    @Test
    void keepsAStatusShortAndWithoutControlCharacters() {
        assertThat(parse("STATUS=a\u001b[31mb\tc" + "x".repeat(1000)).status())
                .hasValueSatisfying(
                        status -> assertThat(status).startsWith("a[31mbc").hasSizeLessThanOrEqualTo(256));
        assertThat(parse("STATUS=").status()).contains("");
    }

    @Test
    void passesOverWhatIsNoneAndSaysSo() {
        for (String unclear : new String[] {
            "READY=yes", "WATCHDOG=2", "EXTEND_TIMEOUT_USEC=soon", "EXTEND_TIMEOUT_USEC=-1", "hello", "=1", "READY=0"
        }) {
            Notification said = parse(unclear + "\nSTATUS=ok");
            assertThat(said.unclear()).as(unclear).isTrue();
            assertThat(said.status()).contains("ok");
            assertThat(said.up()).isEmpty();
            assertThat(said.extension()).isEmpty();
        }
        assertThat(parse("").unclear()).isFalse();
        assertThat(parse("EXTEND_TIMEOUT_USEC=18446744073709551615").extension())
                .hasValueSatisfying(time -> assertThat(time).isGreaterThan(Duration.ofDays(100_000)));
    }

    @Test
    void readsAnyBytesAtAll() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                byte[] begin = "STATUS=".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(begin, 0, bytes, 0, Math.min(begin.length, bytes.length));
            }
            assertThat(Notification.parse(bytes)).as("seed %d", seed).isNotNull();
        }
    }
}
