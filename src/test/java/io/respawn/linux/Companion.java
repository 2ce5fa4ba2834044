package io.respawn.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Is the second process of tests that need one: signals, locks and self replacement belong to a whole process. */
final class Companion {

    private Companion() {}

    /** Starts it, with what the launcher puts before {@code java}. */
    static Process start(List<String> launcher, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(launcher);
        String classes = location(Reactor.class) + ":" + location(Companion.class);
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xrs",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes,
                Companion.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Path location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Runs one of its duties. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "signals" -> signals();
            case "lock" -> lock(Path.of(arguments[1]));
            case "exec" -> exec(Path.of(arguments[1]), Path.of(arguments[2]));
            default -> throw new IllegalArgumentException("Cannot do '" + arguments[0] + "'");
        }
    }

    private static void signals() {
        Set<Integer> signals = Set.of(Signals.SIGTERM, Signals.SIGUSR1);
        try (var reactor = new Reactor(Throwable::printStackTrace);
                var descriptor = new SignalFd(signals)) {
            reactor.watch(
                    descriptor.fd(),
                    Epoll.IN,
                    events -> descriptor.read().ifPresent(received -> {
                        say(Signals.name(received.signal()) + " " + received.senderPid());
                        if (received.signal() == Signals.SIGTERM) {
                            reactor.stop();
                        }
                    }));
            reactor.execute(() -> say("blocked " + SignalMask.current().containsAll(signals)));
            reactor.run();
        }
    }

    private static void lock(Path file) throws IOException {
        var lock = FileLock.tryLock(file);
        say(lock.isPresent() ? "locked" : "refused");
        System.in.read();
        lock.ifPresent(FileLock.Lock::close);
    }

    /** Fails to become one thing, then becomes a shell that reads what it inherited. */
    private static void exec(Path missing, Path lockFile) {
        var memory = Memfd.create("capsule", "kept".getBytes(StandardCharsets.US_ASCII));
        var lock = FileLock.tryLock(lockFile).orElseThrow();
        String script = "read -r _; echo $$ $(cat /proc/self/fd/" + memory.fd() + "); grep SigBlk /proc/$$/status";
        say(SelfExec.become(image(missing, script, Set.of(memory.fd(), lock.fd())))
                .name());
        say("mask " + SignalMask.current().contains(Signals.SIGUSR2));
        SelfExec.become(image(Path.of("/bin/sh"), script, Set.of(memory.fd(), lock.fd())));
    }

    private static SelfExec.Image image(Path program, String script, Set<Integer> kept) {
        return new SelfExec.Image(
                program, List.of("sh", "-c", script), Programs.ENVIRONMENT, kept, Set.of(Signals.SIGUSR2));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
