package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sidecar is killed anywhere, services and broker too, while orders of all kinds come in. {@code -Dseed=} makes up the
 * same orders, deaths and troubles again.
 */
@Tag("jvm")
final class KillAnywhereIT {

    static final String CALM = "calm";

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /** How much of it, and how often. */
    private record Scale(
            int orders,
            Duration betweenOrders,
            int points,
            int moments,
            int brokerEvents,
            Duration betweenBrokerEvents) {}

    @Test
    @Timeout(180)
    void everyOrderEndsOnceThoughTheSidecarIsKilledAtSomeSteps() throws IOException {
        show(new Scale(100, Duration.ofMillis(60), 3, 1, 2, Duration.ofSeconds(2)));
    }

    @Test
    @Tag("slow")
    @Timeout(1500)
    void everyOrderEndsOnceThoughTheSidecarIsKilledAtEachStep() throws IOException {
        show(new Scale(2000, Duration.ofMillis(120), FailPoint.values().length, 16, 12, Duration.ofSeconds(25)));
    }

    private void show(Scale scale) throws IOException {
        Instant begun = Instant.now();
        StartLog log = new StartLog(folder);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"));
                RunningSidecar sidecar = sidecar(broker, log);
                Sampling sampling = new Sampling(sidecar.id(), Duration.ofMillis(40));
                Background background = new Background()) {
            // given
            OrderMix mix = new OrderMix(random.split(), log::newest);
            Trouble trouble = new Trouble(broker, sidecar, log, random.split());
            Lives lives = new Lives(sidecar, folder, random.split());
            lives.undisturbed().awaitReady();

            // when
            int sent;
            try (OrderSender sender = new OrderSender(broker.bootstrap(), sidecar.id(), mix)) {
                background.repeat(scale.betweenOrders(), sender::sendNext);
                background.repeat(Duration.ofMillis(700), trouble::service);
                background.repeat(scale.betweenBrokerEvents(), trouble::broker);
                lives.live(
                        scale.points(),
                        scale.moments(),
                        () -> sender.count() >= scale.orders() && trouble.brokerEvents() >= scale.brokerEvents());
                background.end();
                sender.flush();
                sent = sender.count();
            }
            lives.undisturbed();

            // then
            Aftermath aftermath = Aftermath.await(broker.bootstrap(), sidecar.id(), mix.sent(), log);
            Verdict verdict = aftermath.verdict();
            String summary = summary(aftermath, sent, lives, trouble, sampling, Duration.between(begun, Instant.now()));
            Files.writeString(Path.of("target", "kill-anywhere.txt"), summary);
            assertThat(verdict.violations())
                    .as(() -> summary + aftermath.histories(verdict.violations(), lives.kills()))
                    .isEmpty();
            sampling.stop();
            assertThat(sampling.doubled()).as(summary).isEmpty();
            assertThat(sampling.pidsOf(CALM)).as(summary).hasSize(1);
            assertThat(verdict.counts()).containsKeys("succeeded", "coalesced", "rejected");
            assertThat(sidecar.terminate().exitCode()).isZero();
            assertThat(Tagged.of(sidecar.id())).isEmpty();
        }
    }

    private RunningSidecar sidecar(KafkaBroker broker, StartLog log) {
        StringBuilder services = new StringBuilder();
        String service = log.service();
        Stream.of(OrderMix.SINGLE, OrderMix.CYCLES, List.of(CALM))
                .flatMap(List::stream)
                .forEach(name -> services.append("%s: { %s }\n".formatted(name, service)));
        OrderMix.PAIRS.forEach(name -> services.append("%s: { instances: 2, %s }\n".formatted(name, service)));
        return new RunningSidecar(folder, "anywhere", services.toString())
                .with("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap())
                // Many starts are the point here, not how they are rationed.
                .with("RESPAWN_BUDGET_PERMITS", "1000")
                .with("RESPAWN_BUDGET_BURST", "1000");
    }

    private String summary(
            Aftermath aftermath, int sent, Lives lives, Trouble trouble, Sampling sampling, Duration taken) {
        Verdict verdict = aftermath.verdict();
        int deaths =
                lives.counts().values().stream().mapToInt(Integer::intValue).sum();
        return String.join(
                "\n",
                "",
                "-Dseed=" + seed + ", " + taken.toSeconds() + " s",
                "commands: " + sent + " with " + aftermath.orders().size() + " ids",
                "deaths of the sidecar: " + deaths + " " + lives.counts(),
                "troubles: " + trouble.counts(),
                "outcomes: " + new TreeMap<>(verdict.counts()),
                "start lines: " + aftermath.starts().size() + ", with an order: "
                        + aftermath.starts().stream()
                                .filter(start -> !start.intent().equals("-"))
                                .count()
                        + ", overtaken after the start: " + verdict.overtaken() + ", begun as the sidecar died: "
                        + verdict.untold(),
                "samples of /proc: " + sampling.samples() + ", doubled: " + sampling.doubled(),
                "violations: " + verdict.violations(),
                "");
    }
}
