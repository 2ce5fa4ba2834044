package io.respawn.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds loopback ports that a test's server can use now and again after a restart. */
public final class LoopbackPorts {

    // Below the range that Linux hands out to clients. In that range a client that retries while its server is down
    // sooner or later connects to itself, and the server cannot have its port back.
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final int TRIES = 100;

    /** Test classes run in two JVMs at a time; a port whose server is down for a moment is free, and yet somebody's. */
    private static final Path RESERVED = Path.of(System.getProperty("java.io.tmpdir"), "respawn-test-ports");

    /** Until this JVM ends. None is opened twice: to close the second one would give the first one's lock away. */
    private static final Map<Integer, FileChannel> OURS = new ConcurrentHashMap<>();

    private LoopbackPorts() {}

    /** {@return a port that nobody listens on, and that no other test gets while this JVM runs} */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isReserved(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "Cannot find a free port on 127.0.0.1 from " + FIRST + " on: is it all in use?");
    }

    private static synchronized boolean isReserved(int port) {
        if (OURS.containsKey(port)) {
            return false;
        }
        try {
            Files.createDirectories(RESERVED);
            FileChannel file = FileChannel.open(
                    RESERVED.resolve(Integer.toString(port)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (file.tryLock() == null) {
                file.close();
                return false;
            }
            OURS.put(port, file);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot reserve port " + port + " in " + RESERVED, e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
