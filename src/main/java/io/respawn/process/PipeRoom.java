package io.respawn.process;

import io.respawn.linux.Fifo;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes pipes wide, so that children go on for long while nobody reads, and stops at half of what this user's pipes may hold
 * together: beyond that the kernel makes every new pipe of the user a tiny one, those of the services too. Thread-safe.
 */
final class PipeRoom {

    /** What a pipe is made to hold; without it the kernel gives 64 KiB. */
    static final int WIDE = 1024 * 1024;

    private static final Logger LOG = System.getLogger(PipeRoom.class.getName());
    private static final Path SOFT_LIMIT = Path.of("/proc/sys/fs/pipe-user-pages-soft");
    private static final long SMALLEST_PAGE = 4096;

    private long left;

    PipeRoom() {
        this(limit());
    }

    PipeRoom(long limit) {
        left = limit / 2;
    }

    private static long limit() {
        // Such a file gives what the first read takes and nothing more, so that one must be a large one.
        try (BufferedReader reader = Files.newBufferedReader(SOFT_LIMIT)) {
            long pages = Long.parseLong(String.valueOf(reader.readLine()).strip());
            // Zero says that there is no limit.
            return pages == 0 ? Long.MAX_VALUE : pages * SMALLEST_PAGE;
        } catch (IOException | NumberFormatException unknown) {
            LOG.log(Level.DEBUG, "Cannot read how much pipes may hold; they keep their usual size", unknown);
            return 0;
        }
    }

    /** Widens the pipe if there is room; it works without, too. */
    synchronized void widen(Fifo.End pipe) {
        if (left >= WIDE && pipe.resize(WIDE)) {
            left -= WIDE;
        }
    }
}
