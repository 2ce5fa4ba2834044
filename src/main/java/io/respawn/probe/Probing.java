package io.respawn.probe;

import io.respawn.core.Event.ProbeFailed.Kind;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.supervise.ProbeAnswer;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Asks one process all that it is asked: first only whether it has come up, and then, until the gate closes, whether it is
 * ready and whether it is sane. Everything but {@link #begin()} happens on one event loop.
 */
final class Probing {

    private final Clients clients;
    private final Commands commands;
    private final Subject subject;
    private final Probes probes;
    private final Gate gate;
    private final Consumer<Answer> unanswered;
    private final Context context;
    private final List<ProbeLoop> loops = new ArrayList<>();
    private final Optional<Before> before;
    private final long begun = System.nanoTime();
    private boolean cancelled;

    /**
     * What an earlier image of the sidecar knew of the process.
     *
     * @param ready what it had told last
     */
    record Before(boolean ready, List<ProbeAnswer> answers) {

        /** Of one that need not come up again. */
        static final Before READY = new Before(true, List.of());

        /** Whether the startup probe had said yes. */
        boolean isUp() {
            return ready
                    || last(ProbeAnswer.Kind.STARTUP).filter(ProbeAnswer::yes).isPresent();
        }

        Optional<ProbeAnswer> last(ProbeAnswer.Kind kind) {
            return answers.stream().filter(answer -> answer.kind() == kind).findFirst();
        }
    }

    Probing(
            Clients clients,
            Commands commands,
            Subject subject,
            Gate gate,
            Consumer<Answer> unanswered,
            Optional<Before> before) {
        this.clients = clients;
        this.commands = commands;
        this.subject = subject;
        this.probes = subject.spec().probes();
        this.gate = gate;
        this.unanswered = unanswered;
        this.before = before;
        this.context = clients.vertx().getOrCreateContext();
    }

    void begin() {
        gate.onClose(() -> context.runOnContext(ignored -> cancel()));
        context.runOnContext(ignored -> {
            if (probes.startup().isPresent() && !isKnownToBeUp()) {
                Probe startup = probes.startup().get();
                ask(ProbeAnswer.Kind.STARTUP, startup, new Startup(startup));
            } else {
                askTheRest();
            }
        });
    }

    /** Whoever is up and was not yet told to be ready is asked again, if nothing else would tell. */
    private boolean isKnownToBeUp() {
        return before.filter(known ->
                        known.isUp() && (known.ready() || probes.readiness().isPresent()))
                .isPresent();
    }

    private void askTheRest() {
        probes.readiness().ifPresent(probe -> ask(ProbeAnswer.Kind.READINESS, probe, new Readiness(probe)));
        probes.liveness()
                .map(Probes.Liveness::probe)
                .ifPresent(probe -> ask(ProbeAnswer.Kind.LIVENESS, probe, new Liveness(probe)));
    }

    private void ask(ProbeAnswer.Kind kind, Probe probe, Predicate<Answer> judge) {
        if (cancelled) {
            return;
        }
        ProbeLoop loop = new ProbeLoop(
                clients.vertx(),
                probe,
                attempt(probe),
                answer -> {
                    gate.answered(new ProbeAnswer(kind, Instant.now(), answer.success(), answer.detail()));
                    return judge.test(answer);
                },
                new ProbeLoop.Shortage(commands.statistics(), unanswered));
        loops.add(loop);
        loop.askAfter(before.flatMap(known -> known.last(kind))
                .map(last -> probe.period().minus(Duration.between(last.at(), Instant.now())))
                .orElseGet(() -> probe.initialDelay().minusNanos(System.nanoTime() - begun)));
    }

    private Attempt attempt(Probe probe) {
        return switch (probe.check()) {
            case Probe.HttpGet http -> new HttpAttempt(clients.http(), http, probe.timeout());
            case Probe.TcpSocket tcp -> new TcpAttempt(clients.net(), tcp);
            case Probe.Exec exec -> new ExecAttempt(commands, subject, exec.command(), context);
        };
    }

    private void cancel() {
        cancelled = true;
        loops.forEach(ProbeLoop::cancel);
    }

    private void fail(Kind kind, String which, Probe probe, Answer last) {
        Optional<String> times =
                Optional.of(probe.failureThreshold()).filter(count -> count > 1).map(count -> " " + count + " times");
        gate.failed(kind, "the " + which + " probe failed" + times.orElse("") + ": " + last.detail());
    }

    /** Ends with the first success or with the last failure that it may have. */
    private final class Startup implements Predicate<Answer> {
        private final Probe probe;
        private Streak streak = Streak.YES;

        Startup(Probe probe) {
            this.probe = probe;
        }

        @Override
        public boolean test(Answer answer) {
            if (answer.success()) {
                if (probes.readiness().isEmpty()) {
                    gate.readiness(true, answer.detail());
                }
                askTheRest();
                return false;
            }
            streak = streak.after(false, probe);
            if (!streak.yes()) {
                fail(Kind.STARTUP, "startup", probe, answer);
            }
            return streak.yes();
        }
    }

    /** Reports every change. */
    private final class Readiness implements Predicate<Answer> {
        private final Probe probe;
        private Streak streak;

        Readiness(Probe probe) {
            this.probe = probe;
            streak = before.filter(Before::ready).isPresent() ? Streak.YES : Streak.NO;
        }

        @Override
        public boolean test(Answer answer) {
            boolean before = streak.yes();
            streak = streak.after(answer.success(), probe);
            if (streak.yes() != before) {
                gate.readiness(streak.yes(), answer.detail());
            }
            return true;
        }
    }

    /** Reports a no, and the next one only if it was well in between. */
    private final class Liveness implements Predicate<Answer> {
        private final Probe probe;
        private Streak streak = Streak.YES;

        Liveness(Probe probe) {
            this.probe = probe;
        }

        @Override
        public boolean test(Answer answer) {
            boolean before = streak.yes();
            streak = streak.after(answer.success(), probe);
            if (before && !streak.yes()) {
                fail(Kind.LIVENESS, "liveness", probe, answer);
            }
            return true;
        }
    }
}
