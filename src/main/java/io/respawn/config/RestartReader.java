package io.respawn.config;

import io.respawn.model.Backoff;
import io.respawn.model.ExitRule;
import io.respawn.model.Rate;
import io.respawn.model.RestartLimit;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads what follows when a process ends. Each value is checked alone first, so that its own path is blamed. */
final class RestartReader {

    private RestartReader() {}

    static RestartPolicy read(String path, ServiceConfig.Restart raw, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        return new RestartPolicy(
                fields.read("policy", raw.policy(), text -> Values.word(text, RestartPolicy.Mode.class))
                        .orElse(RestartPolicy.DEFAULT.mode()),
                raw.successExitCodes()
                        .map(texts -> codes(fields, "success-exit-codes", texts))
                        .orElse(RestartPolicy.DEFAULT.successExitCodes()),
                rules(Paths.join(path, "rules"), raw.rules(), mistakes),
                backoff(Paths.join(path, "backoff"), raw.backoff(), mistakes),
                raw.limit().flatMap(limit -> limit(Paths.join(path, "limit"), limit, mistakes)),
                fields.read("scope", raw.scope(), text -> Values.word(text, RestartPolicy.Scope.class))
                        .orElse(RestartPolicy.DEFAULT.scope()),
                raw.rate().flatMap(rate -> rate(Paths.join(path, "rate"), rate, mistakes)));
    }

    private static Optional<Rate> rate(String path, ServiceConfig.Rate raw, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        Optional<Integer> permits = fields.read("permits", raw.permits(), Values::integer);
        Optional<Integer> burst = fields.read("burst", raw.burst(), Values::integer);
        Optional<Duration> interval = fields.read("interval", raw.interval(), Values::duration);
        if (permits.isEmpty() || burst.isEmpty() || interval.isEmpty()) {
            return Optional.empty();
        }
        return mistakes.attempt(path, () -> new Rate(permits.get(), interval.get(), burst.get()));
    }

    private static List<ExitRule> rules(String path, List<ServiceConfig.Rule> raw, Mistakes mistakes) {
        List<ExitRule> rules = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            ServiceConfig.Rule rule = raw.get(i);
            Fields fields = new Fields(Paths.element(path, i), mistakes);
            Set<Integer> codes = rule.exitCodes()
                    .map(texts -> codes(fields, "exit-codes", texts))
                    .orElse(Set.of());
            Set<Integer> signals =
                    rule.signals().map(texts -> signals(fields, texts)).orElse(Set.of());
            Optional<String> action = rule.action();
            if (action.isEmpty()) {
                mistakes.add(
                        Paths.join(Paths.element(path, i), "action"),
                        "Cannot apply a rule without an action: restart, success, stop or give-up is expected");
                continue;
            }
            fields.read("action", action.get(), text -> Values.word(text, RestartPolicy.Verdict.class))
                    .ifPresent(verdict -> rules.add(new ExitRule(codes, signals, verdict)));
        }
        return rules;
    }

    private static Set<Integer> signals(Fields fields, List<String> texts) {
        Set<Integer> signals = new HashSet<>();
        for (int i = 0; i < texts.size() && !Fields.standsForNone(texts); i++) {
            fields.readElement("signals", i, texts.get(i), RestartReader::signalNumber)
                    .ifPresent(signals::add);
        }
        return signals;
    }

    /** A name such as SIGSEGV, or a number. */
    private static int signalNumber(String text) {
        OptionalInt named = Signal.numberOf(text);
        int number = named.isPresent() ? named.getAsInt() : Values.integer(text);
        return new ExitRule(Set.of(), Set.of(number), RestartPolicy.Verdict.RESTART)
                .signals()
                .iterator()
                .next();
    }

    private static Optional<RestartLimit> limit(String path, ServiceConfig.Limit raw, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        Optional<Integer> count = fields.read("count", raw.count(), Values::integer);
        Optional<Duration> interval = fields.read("interval", raw.interval(), Values::duration);
        Optional<Duration> retryAfter =
                raw.retryAfter().flatMap(text -> fields.read("retry-after", text, Values::duration));
        if (count.isEmpty() || interval.isEmpty()) {
            return Optional.empty();
        }
        return mistakes.attempt(path, () -> new RestartLimit(count.get(), interval.get(), retryAfter));
    }

    private static Set<Integer> codes(Fields fields, String key, List<String> texts) {
        Set<Integer> codes = new HashSet<>();
        for (int i = 0; i < texts.size() && !Fields.standsForNone(texts); i++) {
            fields.readElement(key, i, texts.get(i), RestartReader::code).ifPresent(codes::add);
        }
        return codes;
    }

    private static int code(String text) {
        int code = Values.integer(text);
        RestartPolicy unused = new RestartPolicy(RestartPolicy.Mode.ALWAYS, Set.of(code), Backoff.DEFAULT);
        return unused.successExitCodes().iterator().next();
    }

    private static Backoff backoff(String path, ServiceConfig.Backoff raw, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        Backoff base = Backoff.DEFAULT;
        Optional<Duration> delay = fields.read("delay", raw.delay(), Values::duration);
        Optional<Duration> limit = fields.read("limit", raw.limit(), Values::duration);
        double factor = fields.read("factor", raw.factor(), text -> factor(Values.decimal(text)))
                .orElse(base.factor());
        double jitter = fields.read("jitter", raw.jitter(), text -> jitter(Values.decimal(text)))
                .orElse(base.jitter());
        Duration resetAfter =
                fields.read("reset-after", raw.resetAfter(), Values::duration).orElse(base.resetAfter());
        if (delay.isEmpty() || limit.isEmpty()) {
            return base;
        }
        return mistakes.attempt(path, () -> new Backoff(delay.get(), factor, limit.get(), jitter, resetAfter))
                .orElse(base);
    }

    private static double factor(double value) {
        Backoff base = Backoff.DEFAULT;
        return new Backoff(base.delay(), value, base.limit(), base.jitter(), base.resetAfter()).factor();
    }

    private static double jitter(double value) {
        Backoff base = Backoff.DEFAULT;
        return new Backoff(base.delay(), base.factor(), base.limit(), value, base.resetAfter()).jitter();
    }
}
