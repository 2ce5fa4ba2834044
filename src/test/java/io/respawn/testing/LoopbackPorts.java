package io.respawn.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds loopback ports that a test's server can use now and again after a restart. */
public final class LoopbackPorts {

    // Below the range that Linux hands out to clients. In that range a client that retries while its server is down
    // sooner or later connects to itself, and the server cannot have its port back.
    private static final int FIRST = 20_000;
    private static final int COUNT = 6_000;

    // Test classes run in two JVMs at a time; each has ports of its own, since a free port is not a taken one yet.
    private static final int FORK = Integer.getInteger("test.fork", 1) - 1;
    private static final int TRIES = 100;

    private LoopbackPorts() {}

    /** {@return a port that nobody listens on} */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + FORK % 2 * COUNT + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "Cannot find a free port on 127.0.0.1 from " + FIRST + " on: is it all in use?");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
