package io.respawn.process;

import io.respawn.linux.Threads;
import io.respawn.supervise.Statistics;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses files that are not written any more, one after another, on a thread that lets all others go first. What it
 * does not finish is done again by the next sidecar.
 */
final class Compressor implements AutoCloseable {

    static final String FAILED = "output-compress-failed";

    private static final Logger LOG = System.getLogger(Compressor.class.getName());
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int BUFFER = 64 * 1024;

    private final LinkedBlockingQueue<Path> queue = new LinkedBlockingQueue<>();
    private final Statistics statistics;
    private final Thread thread;

    Compressor(Statistics statistics) {
        this.statistics = statistics;
        this.thread = Thread.ofPlatform().daemon().name("respawn-compressor").start(this::work);
    }

    /** Puts {@code file.gz} in place of {@code file}, some time. */
    void compress(Path file) {
        queue.add(file);
    }

    private void work() {
        if (!Threads.yieldAlways()) {
            LOG.log(Level.DEBUG, "The priority of the compressor cannot be lowered");
        }
        try {
            while (!Thread.currentThread().isInterrupted()) {
                replace(queue.take());
            }
        } catch (InterruptedException ending) {
            LOG.log(Level.DEBUG, "The compressor ends", ending);
        }
    }

    private void replace(Path file) {
        Path unfinished = Path.of(file + OldLogs.UNFINISHED);
        Path compressed = Path.of(file + OldLogs.COMPRESSED);
        try {
            Files.deleteIfExists(unfinished);
            try (OutputStream out = new GZIPOutputStream(
                    Channels.newOutputStream(Files.newByteChannel(
                            unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)),
                    BUFFER)) {
                Files.copy(file, out);
            }
            Files.move(unfinished, compressed, StandardCopyOption.ATOMIC_MOVE);
            if (!Files.deleteIfExists(file)) {
                // It was one too many meanwhile.
                Files.deleteIfExists(compressed);
            }
        } catch (NoSuchFileException removed) {
            LOG.log(Level.DEBUG, "{0} was removed before it was compressed", file);
            remove(unfinished);
        } catch (IOException failed) {
            statistics.fault(FAILED);
            LOG.log(
                    Level.WARNING,
                    "Cannot compress " + file + ": " + failed + "; it stays as it is until the next start");
            remove(unfinished);
        }
    }

    private static void remove(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException failed) {
            LOG.log(Level.DEBUG, "The next start removes " + unfinished, failed);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
