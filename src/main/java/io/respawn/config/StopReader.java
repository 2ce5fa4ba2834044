package io.respawn.config;

import io.respawn.model.Signal;
import io.respawn.model.StopPolicy;
import io.respawn.model.StopPolicy.Step;
import io.respawn.model.StopPolicy.Way;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads how a service is asked to end. */
final class StopReader {

    private final String path;
    private final Mistakes mistakes;

    private StopReader(String path, Mistakes mistakes) {
        this.path = path;
        this.mistakes = mistakes;
    }

    static StopPolicy read(String path, ServiceConfig.Stop raw, Mistakes mistakes) {
        StopReader reader = new StopReader(path, mistakes);
        Optional<StopPolicy> single = reader.single(raw);
        return raw.steps().isEmpty()
                ? single.orElse(StopPolicy.DEFAULT)
                : reader.steps(raw.steps()).orElse(StopPolicy.DEFAULT);
    }

    private Optional<StopPolicy> single(ServiceConfig.Stop raw) {
        Fields fields = new Fields(path, mistakes);
        Optional<Signal> signal = fields.read("signal", raw.signal(), Values::signal);
        Optional<Duration> grace = fields.read("grace-period", raw.gracePeriod(), Values::duration);
        return signal.flatMap(first -> grace.flatMap(
                period -> mistakes.attempt(Paths.join(path, "grace-period"), () -> StopPolicy.of(first, period))));
    }

    private Optional<StopPolicy> steps(List<ServiceConfig.StopStep> raw) {
        String at = Paths.join(path, "steps");
        List<Optional<Step>> read = java.util.stream.IntStream.range(0, raw.size())
                .mapToObj(i -> step(Paths.element(at, i), raw.get(i)))
                .toList();
        return read.stream().allMatch(Optional::isPresent)
                ? mistakes.attempt(
                        at,
                        () -> new StopPolicy(
                                read.stream().flatMap(Optional::stream).toList()))
                : Optional.empty();
    }

    private Optional<Step> step(String at, ServiceConfig.StopStep raw) {
        Fields fields = new Fields(at, mistakes);
        if (raw.signal().isPresent() == raw.command().isPresent()) {
            mistakes.add(at, "Cannot take this step: either a 'signal' or a 'command' is expected");
            return Optional.empty();
        }
        if (raw.waiting().isEmpty()) {
            mistakes.add(
                    Paths.join(at, "wait"),
                    "Cannot go on at once: say how long the end is waited for, for example 10s");
            return Optional.empty();
        }
        Optional<Way> way = raw.signal().isPresent()
                ? fields.read("signal", raw.signal().get(), Values::signal).map(Way.Send::new)
                : raw.command()
                        .flatMap(command -> mistakes.attempt(Paths.join(at, "command"), () -> new Way.Run(command)));
        Optional<Duration> wait = fields.read("wait", raw.waiting().get(), Values::duration);
        return way.flatMap(asks ->
                wait.flatMap(length -> mistakes.attempt(Paths.join(at, "wait"), () -> new Step(asks, length))));
    }
}
