package io.respawn.system;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An agent within the sidecar's virtual machine that takes all of its heap, down to the last bytes and whatever else is
 * freed meanwhile, for some seconds after a file appears, and then lets go and removes the file.
 */
public final class HeapHog {

    private static final int[] PIECES = {1 << 20, 1 << 16, 1 << 12, 1 << 8, 16};

    private static Object[] taken;

    private HeapHog() {}

    /** Begins to wait for the file; the argument is {@code seconds,file}. */
    public static void premain(String argument) {
        int comma = argument.indexOf(',');
        long nanos = Long.parseLong(argument.substring(0, comma)) * 1_000_000_000L;
        File order = new File(argument.substring(comma + 1));
        Thread hog = new Thread(() -> watch(order, nanos), "heap-hog");
        hog.setDaemon(true);
        hog.start();
    }

    private static void watch(File order, long nanos) {
        while (true) {
            try {
                Thread.sleep(20);
                if (order.exists()) {
                    hold(System.nanoTime() + nanos);
                    taken = null;
                    Files.delete(order.toPath());
                }
            } catch (OutOfMemoryError tooEarly) {
                taken = null;
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void hold(long end) throws InterruptedException {
        int size = 0;
        while (System.nanoTime() - end < 0) {
            try {
                taken = new Object[] {taken, new byte[PIECES[size]]};
            } catch (OutOfMemoryError full) {
                if (++size == PIECES.length) {
                    // What others free in the meantime is taken at once.
                    size = PIECES.length - 2;
                    Thread.sleep(1);
                }
            }
        }
    }

    /** Packs this class as an agent; answers with the option for the virtual machine. */
    static String option(Path folder, int seconds, Path order) throws IOException {
        return "-javaagent:" + AgentJar.pack(folder, HeapHog.class) + "=" + seconds + "," + order;
    }
}
