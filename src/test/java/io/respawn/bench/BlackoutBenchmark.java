package io.respawn.bench;

import io.respawn.system.RunningSidecar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures how long nobody supervises when the sidecar loads itself anew, from its {@code execve} until an exit of the
 * meantime is handled, and until the API answers again: with the ahead-of-time cache, without it, and as a native executable
 * where one is built, in turns, beside a virtual machine that only replaces itself. Without Kafka, with one chatty service and
 * one that is killed each time. Ends with 1 if the promises for the core are broken. The argument is the number of rounds, 30
 * without one.
 */
public final class BlackoutBenchmark {

    private static final Pattern GONE_ON = Pattern.compile("^(\\S+) .*Gone on as a new image after (\\d+) ms");
    private static final Pattern EXITED = Pattern.compile("^(\\S+) .*service exited service=victim ");
    private static final Duration POLL = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SERVICES = """
            victim: { command: [ sleep, '86419' ], restart: { backoff: { delay: 0s } } }
            chatty: { command: [ /bin/sh, -c, 'while :; do echo line; sleep 0.05; done' ] }
            """;

    private BlackoutBenchmark() {}

    /** One way to run it; {@code promised} is for the core, in milliseconds. */
    private record Contender(RunningSidecar sidecar, double promised, List<Round> rounds) {
        Contender(RunningSidecar sidecar, double promised) {
            this(sidecar, promised, new ArrayList<>());
        }
    }

    /** What one respawn took from its {@code execve} on, in milliseconds; {@code gap} is between two answers of the API. */
    private record Round(double resumed, double exitHandled, double answers, double gap) {}

    public static void main(String... arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        Path folder = Files.createTempDirectory("respawn-bench-");
        Path home = Path.of(System.getProperty("respawn.home"));
        Path plain = folder.resolve("plain");
        run("cp", "-a", home.toString(), plain.toString());
        Files.delete(plain.resolve("lib/respawn.aot"));
        Files.delete(plain.resolve("lib/respawn.jsa"));
        Path executable = home.resolveSibling("respawn-native");

        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put("ahead-of-time cache", new Contender(sidecar(folder, "cached", home), 150));
        contenders.put("plain", new Contender(sidecar(folder, "uncached", plain), Double.MAX_VALUE));
        if (Files.isExecutable(executable.resolve("lib/respawn"))) {
            contenders.put("native", new Contender(sidecar(folder, "native", executable), 30));
        }
        try {
            for (int round = 0; round < rounds; round++) {
                for (Contender each : contenders.values()) {
                    each.rounds().add(respawn(each.sidecar(), round));
                }
            }
        } finally {
            contenders.values().forEach(each -> each.sidecar().close());
        }
        System.exit(report(contenders, bare(rounds)) ? 0 : 1);
    }

    private static RunningSidecar sidecar(Path folder, String id, Path home) {
        return new RunningSidecar(folder, "blackout-" + id, SERVICES)
                .by(home.resolve("bin/respawn").toString())
                .start()
                .awaitReady();
    }

    private static Round respawn(RunningSidecar sidecar, int round) throws IOException {
        long victim = sidecar.instance("victim").path("pid").asLong();
        long known = Files.size(sidecar.log());
        sidecar.post("/api/v1/respawn", "{\"id\":\"blackout-" + round + "\"}");
        Instant last = Instant.now();
        while (answers(sidecar)) {
            last = Instant.now();
            pause();
        }
        ProcessHandle.of(victim).ifPresent(ProcessHandle::destroyForcibly);
        while (!answers(sidecar)) {
            pause();
        }
        Instant back = Instant.now();
        String said = said(sidecar, known);
        Matcher goneOn = found(GONE_ON, said);
        Instant resumed = Instant.parse(goneOn.group(1));
        double blackout = Double.parseDouble(goneOn.group(2));
        Instant begun = resumed.minusMillis((long) blackout);
        sidecar.awaitReady();
        return new Round(
                blackout,
                millis(begun, Instant.parse(found(EXITED, said).group(1))),
                millis(begun, back),
                millis(last, back));
    }

    /** What the log says of this respawn, once it says all of it. */
    private static String said(RunningSidecar sidecar, long known) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        String said = "";
        while (Instant.now().isBefore(end)) {
            said = Files.readString(sidecar.log()).substring((int) known);
            if (first(GONE_ON, said).isPresent() && first(EXITED, said).isPresent()) {
                return said;
            }
            pause();
        }
        throw new IllegalStateException("Cannot see the end of a respawn in the log: " + said);
    }

    private static Optional<Matcher> first(Pattern wanted, String text) {
        return text.lines().map(wanted::matcher).filter(Matcher::find).findFirst();
    }

    private static Matcher found(Pattern wanted, String text) {
        return first(wanted, text).orElseThrow();
    }

    private static boolean answers(RunningSidecar sidecar) {
        try {
            return sidecar.status().has("services");
        } catch (UncheckedIOException nobody) {
            return false;
        }
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static void pause() {
        LockSupport.parkNanos(POLL.toNanos());
    }

    private static List<Double> bare(int rounds) throws IOException, InterruptedException {
        Process bare = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareExec.class.getName(),
                        Integer.toString(rounds))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Double> taken = bare.inputReader().lines().map(Double::parseDouble).toList();
        if (bare.waitFor() != 0 || taken.size() != rounds) {
            throw new IllegalStateException("Cannot use what the bare program says: " + taken);
        }
        return taken;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("Cannot run " + String.join(" ", command));
        }
    }

    private static boolean report(Map<String, Contender> contenders, List<Double> bare) {
        boolean kept = true;
        System.out.printf("%-52s %8s %8s   (ms, %d rounds)%n", "", "p50", "max", bare.size());
        line("bare virtual machine, execve to main", bare);
        for (var each : contenders.entrySet()) {
            List<Round> rounds = each.getValue().rounds();
            double resumed = line(each.getKey() + ", execve to resumed", rounds, Round::resumed);
            line(each.getKey() + ", execve to the exit handled", rounds, Round::exitHandled);
            line(each.getKey() + ", execve to the API's answer", rounds, Round::answers);
            line(each.getKey() + ", between two answers", rounds, Round::gap);
            double promised = each.getValue().promised();
            if (promised < Double.MAX_VALUE) {
                kept &= resumed <= promised;
                System.out.printf(
                        "%s: the core is back after %.0f ms, promised %.0f ms: %s%n",
                        each.getKey(), resumed, promised, resumed <= promised ? "kept" : "BROKEN");
            }
        }
        return kept;
    }

    private static double line(String what, List<Round> rounds, ToDoubleFunction<Round> figure) {
        return line(what, rounds.stream().map(figure::applyAsDouble).toList());
    }

    private static double line(String what, List<Double> figures) {
        Figures sorted = new Figures(figures);
        System.out.printf(
                "%-52s %8.1f %8.1f%n", what, sorted.p50(), sorted.sorted().getLast());
        return sorted.p50();
    }
}
