package io.respawn.linux;

import io.respawn.linux.libc.Unistd;

/** Holds a file descriptor and closes it once; closing twice would close somebody else's. */
final class Descriptor implements AutoCloseable {

    private final String kind;
    private final int fd;
    private boolean open = true;

    Descriptor(String kind, int fd) {
        this.kind = kind;
        this.fd = fd;
    }

    synchronized int fd() {
        if (!open) {
            throw new IllegalStateException("Cannot use the " + kind + " " + fd + ": it is closed");
        }
        return fd;
    }

    synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            // Linux frees the number whatever close returns; a repetition could hit a descriptor opened meanwhile.
            Unistd.close(fd);
        }
    }
}
