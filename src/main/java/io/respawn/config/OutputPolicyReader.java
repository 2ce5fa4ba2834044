package io.respawn.config;

import io.respawn.model.OutputPolicy;
import io.respawn.model.OutputPolicy.File;
import io.respawn.model.Signal;
import io.respawn.model.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads where the lines of a service go. Each value is checked alone first, so that its own path is blamed. */
final class OutputPolicyReader {

    private static final String NEVER = "off";

    private OutputPolicyReader() {}

    /** {@code signals} are those that an order may send. */
    static OutputPolicy read(String path, OutputConfig raw, int instances, Set<Signal> signals, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        return new OutputPolicy(
                fields.read("console", raw.console(), text -> Values.word(text, OutputPolicy.Console.class))
                        .orElse(OutputPolicy.DEFAULT.console()),
                raw.file().map(file -> file(Paths.join(path, "file"), file, instances, mistakes)),
                LineTriggersReader.read(Paths.join(path, "triggers"), raw.triggers(), signals, mistakes),
                fields.read("forward", raw.forward(), Values::truth).orElse(OutputPolicy.DEFAULT.forward()));
    }

    private static File file(String at, OutputConfig.File raw, int instances, Mistakes mistakes) {
        Fields fields = new Fields(at, mistakes);
        File base = File.DEFAULT;
        return new File(
                raw.path().flatMap(text -> fields.read("path", text, value -> path(value.strip(), instances))),
                fields.read("max-size", raw.maxSize(), OutputPolicyReader::size).orElse(base.maxSize()),
                fields.read("max-age", raw.maxAge(), OutputPolicyReader::age).orElse(base.maxAge()),
                fields.read("max-files", raw.maxFiles(), OutputPolicyReader::files)
                        .orElse(base.maxFiles()),
                fields.read("compress", raw.compress(), Values::truth).orElse(base.compress()));
    }

    private static String path(String text, int instances) {
        File file = with(Optional.of(text), File.DEFAULT.maxSize(), Optional.empty(), File.DEFAULT.maxFiles());
        if (instances > 1 && !file.tellsInstancesApart()) {
            throw new IllegalArgumentException("Cannot let " + instances + " instances write to '" + Text.shown(text)
                    + "': put " + File.INSTANCE + " where the index goes");
        }
        return text;
    }

    private static long size(String text) {
        return with(Optional.empty(), Values.size(text), Optional.empty(), File.DEFAULT.maxFiles())
                .maxSize();
    }

    private static Optional<Duration> age(String text) {
        if (text.strip().equals(NEVER)) {
            return Optional.empty();
        }
        return with(
                        Optional.empty(),
                        File.DEFAULT.maxSize(),
                        Optional.of(Values.duration(text)),
                        File.DEFAULT.maxFiles())
                .maxAge();
    }

    private static int files(String text) {
        return with(Optional.empty(), File.DEFAULT.maxSize(), Optional.empty(), Values.integer(text))
                .maxFiles();
    }

    /** Refuses what the vocabulary refuses. */
    private static File with(Optional<String> path, long maxSize, Optional<Duration> maxAge, int maxFiles) {
        return new File(path, maxSize, maxAge, maxFiles, true);
    }
}
