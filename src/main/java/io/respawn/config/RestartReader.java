package io.respawn.config;

import io.respawn.model.Backoff;
import io.respawn.model.RestartPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what follows when a process ends. Each value is checked alone first, so that its own path is blamed. */
final class RestartReader {

    private RestartReader() {}

    static RestartPolicy read(String path, RespawnConfig.Restart raw, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        return new RestartPolicy(
                fields.read("policy", raw.policy(), text -> Values.word(text, RestartPolicy.Mode.class))
                        .orElse(RestartPolicy.DEFAULT.mode()),
                raw.successExitCodes()
                        .map(texts -> codes(fields, texts))
                        .orElse(RestartPolicy.DEFAULT.successExitCodes()),
                backoff(Paths.join(path, "backoff"), raw.backoff(), mistakes));
    }

    private static Set<Integer> codes(Fields fields, List<String> texts) {
        Set<Integer> codes = new HashSet<>();
        for (int i = 0; i < texts.size() && !Fields.standsForNone(texts); i++) {
            fields.readElement("success-exit-codes", i, texts.get(i), RestartReader::code)
                    .ifPresent(codes::add);
        }
        return codes;
    }

    private static int code(String text) {
        int code = Values.integer(text);
        RestartPolicy unused = new RestartPolicy(RestartPolicy.Mode.ALWAYS, Set.of(code), Backoff.DEFAULT);
        return unused.successExitCodes().iterator().next();
    }

    private static Backoff backoff(String path, RespawnConfig.Backoff raw, Mistakes mistakes) {
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
