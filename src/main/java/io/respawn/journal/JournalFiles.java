package io.respawn.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a journal by number: {@code snapshot-7} holds everything that was decided before {@code journal-7.log}
 * was begun.
 */
record JournalFiles(Path directory) {

    private static final Pattern LOG = Pattern.compile("journal-([0-9]{1,18})\\.log");
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot-([0-9]{1,18})");
    private static final Pattern UNFINISHED_LOG = Pattern.compile(LOG + "\\.unfinished");
    private static final Pattern UNFINISHED_SNAPSHOT = Pattern.compile(SNAPSHOT + "\\.unfinished");
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    Path log(long number) {
        return directory.resolve("journal-" + number + ".log");
    }

    Path snapshot(long number) {
        return directory.resolve("snapshot-" + number);
    }

    /** Where a file is written before it is whole. */
    static Path unfinished(Path path) {
        return path.resolveSibling(path.getFileName() + ".unfinished");
    }

    /** Deletes everything that the snapshot of this number holds, and what was never finished before it. */
    void deleteBefore(long number) throws IOException {
        // A sidecar that is killed while it writes a file leaves one that no finished one stands beside.
        for (Pattern kind : List.of(LOG, UNFINISHED_LOG, SNAPSHOT, UNFINISHED_SNAPSHOT)) {
            for (Path file : matching(kind).headMap(number).values()) {
                Files.deleteIfExists(file);
            }
        }
    }

    SortedMap<Long, Path> logs() throws IOException {
        return matching(LOG);
    }

    SortedMap<Long, Path> snapshots() throws IOException {
        return matching(SNAPSHOT);
    }

    /** A number that no file has. */
    long nextNumber() throws IOException {
        SortedMap<Long, Path> all = logs();
        all.putAll(snapshots());
        return all.isEmpty() ? 1 : all.lastKey() + 1;
    }

    /** Puts a file, or a part of it, out of the way without destroying it. */
    Path asideName(Path path) {
        Path aside = path.resolveSibling(path.getFileName() + ".broken");
        for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
            aside = path.resolveSibling(path.getFileName() + ".broken-" + i);
        }
        return aside;
    }

    static FileChannel create(Path path, OpenOption... more) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(more));
        options.add(StandardOpenOption.CREATE_NEW);
        options.add(StandardOpenOption.WRITE);
        options.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(path, options, OWNER_ONLY);
    }

    /** Brings a file to the disk, if it is still there: one that is gone was replaced by a snapshot on the disk. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (NoSuchFileException replaced) {
            // Nothing is left to bring anywhere.
        }
    }

    /** Brings the names of files to the disk. */
    void forceNames() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private SortedMap<Long, Path> matching(Pattern pattern) throws IOException {
        SortedMap<Long, Path> found = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory)) {
            paths.forEach(path -> number(pattern, path).ifPresent(number -> found.put(number, path)));
        }
        return found;
    }

    private static Optional<Long> number(Pattern pattern, Path path) {
        Matcher matcher = pattern.matcher(String.valueOf(path.getFileName()));
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }
}
