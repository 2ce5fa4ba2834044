package io.respawn.process;

import io.respawn.model.OutputPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files beside a log file that are not written any more. The file's name gets a number behind it that only grows, so
 * nothing is ever renamed again while somebody compresses or reads it.
 */
final class OldLogs {

    static final String COMPRESSED = ".gz";
    static final String UNFINISHED = ".gz.tmp";

    private final Path path;
    private final Path directory;
    private final Pattern names;
    private final OutputPolicy.File policy;
    private final Compressor compressor;

    OldLogs(Path path, OutputPolicy.File policy, Compressor compressor) {
        this.path = path;
        this.directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
        this.names = Pattern.compile(Pattern.quote(path.getFileName() + ".") + "(\\d{1,18})(\\.gz|\\.gz\\.tmp)?");
        this.policy = policy;
        this.compressor = compressor;
    }

    Path directory() {
        return directory;
    }

    /** Puts the file aside, and removes those that are too many. */
    void add() throws IOException {
        NavigableSet<Long> numbers = numbers();
        long number = numbers.isEmpty() ? 1 : numbers.last() + 1;
        if (policy.maxFiles() == 1) {
            Files.deleteIfExists(path);
            return;
        }
        Files.move(path, plain(number));
        numbers.add(number);
        prune(numbers);
        if (policy.compress()) {
            compressor.compress(plain(number));
        }
    }

    /** Goes on where an earlier sidecar was interrupted. */
    void tidy() throws IOException {
        NavigableSet<Long> numbers = numbers();
        for (long number : numbers) {
            Files.deleteIfExists(with(number, UNFINISHED));
            // The compressed one got its name when it was complete.
            if (Files.exists(with(number, COMPRESSED))) {
                Files.deleteIfExists(plain(number));
            }
        }
        prune(numbers);
        for (long number : numbers) {
            if (policy.compress() && Files.exists(plain(number))) {
                compressor.compress(plain(number));
            }
        }
    }

    private void prune(NavigableSet<Long> numbers) throws IOException {
        while (numbers.size() > policy.maxFiles() - 1) {
            long oldest = numbers.removeFirst();
            Files.deleteIfExists(plain(oldest));
            Files.deleteIfExists(with(oldest, COMPRESSED));
        }
    }

    private NavigableSet<Long> numbers() throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> names.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .forEach(match -> numbers.add(Long.valueOf(match.group(1))));
        }
        return numbers;
    }

    private Path plain(long number) {
        return with(number, "");
    }

    private Path with(long number, String ending) {
        return directory.resolve(path.getFileName() + "." + number + ending);
    }
}
