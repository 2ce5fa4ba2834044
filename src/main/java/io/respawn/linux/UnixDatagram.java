package io.respawn.linux;

import io.respawn.linux.libc.Socket;
import io.respawn.linux.libc.Unistd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Receives messages from processes of this machine, and with each the kernel's word on who sent it. For one thread. */
public final class UnixDatagram implements AutoCloseable {

    private final UnixAddress address;
    private final int capacity;
    private final Descriptor descriptor;
    private final Socket.message buffer;

    /** One message. */
    public static final class Message implements AutoCloseable {
        private final byte[] bytes;
        private final boolean cut;
        private final int pid;
        private final int uid;
        private final List<Integer> descriptors;

        private Message(byte[] bytes, boolean cut, int pid, int uid, List<Integer> descriptors) {
            this.bytes = bytes;
            this.cut = cut;
            this.pid = pid;
            this.uid = uid;
            this.descriptors = List.copyOf(descriptors);
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        /** Whether it was longer than the buffer; the rest is gone. */
        public boolean cut() {
            return cut;
        }

        /** The process that sent it, which may be gone by now; 0 if it is of another PID namespace. */
        public int pid() {
            return pid;
        }

        /** The user who sent it. */
        public int uid() {
            return uid;
        }

        /** What came with it, open in this process. */
        public List<Integer> descriptors() {
            return descriptors;
        }

        /** Closes the descriptors that came with it; a sender may be waiting for that. */
        @Override
        public void close() {
            descriptors.forEach(Unistd::close);
        }
    }

    /**
     * Opens a socket at the address.
     *
     * @param address a file of that name is replaced: it is what a socket leaves behind whose process was killed
     * @param capacity the longest message in bytes
     */
    public static UnixDatagram bind(UnixAddress address, int capacity) {
        int fd = LinuxException.checked(
                Socket.socket(Socket.AF_UNIX, Socket.SOCK_DGRAM | Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC, 0),
                "socket",
                "open a socket");
        UnixDatagram socket = new UnixDatagram(address, capacity, new Descriptor("socket", fd));
        try {
            // Before it can be found: no message comes without its sender.
            LinuxException.checked(
                    Socket.setsockopt(fd, Socket.SOL_SOCKET, Socket.SO_PASSCRED, 1),
                    "setsockopt",
                    "have the kernel name the senders at " + address);
            socket.removeFile();
            LinuxException.checked(Socket.bind(fd, address.bytes()), "bind", "bind a socket to " + address);
            return socket;
        } catch (RuntimeException failed) {
            socket.descriptor.close();
            throw failed;
        }
    }

    /** Takes over one that was kept over {@code execve}, with the messages that wait in it. */
    public static UnixDatagram inherited(int fd, UnixAddress address, int capacity) {
        int result = Unistd.fcntl(fd, Unistd.F_SETFD, Unistd.FD_CLOEXEC);
        LinuxException.checked(result, "fcntl", "take over the socket " + address);
        return new UnixDatagram(address, capacity, new Descriptor("socket", fd));
    }

    private UnixDatagram(UnixAddress address, int capacity, Descriptor descriptor) {
        this.address = address;
        this.capacity = capacity;
        this.descriptor = descriptor;
        this.buffer = new Socket.message(capacity);
    }

    private void removeFile() {
        if (!address.isAbstract()) {
            try {
                Files.deleteIfExists(Path.of(address.name()));
            } catch (IOException failed) {
                throw new LinuxException(
                        "unlink", Errno.EACCES, "remove the old socket " + address + " (" + failed + ")");
            }
        }
    }

    /** Takes the next message, if there is one; close it. */
    public Optional<Message> receive() {
        int length = Socket.recvmsg(descriptor.fd(), buffer, Socket.MSG_CMSG_CLOEXEC);
        if (Errno.EAGAIN.is(length)) {
            return Optional.empty();
        }
        LinuxException.checked(length, "recvmsg", "receive at " + address);
        Socket.ucred sender = buffer.credentials();
        boolean cut = (buffer.flags() & Socket.MSG_TRUNC) != 0;
        return Optional.of(new Message(
                buffer.bytes(Math.min(length, capacity)),
                cut,
                sender == null ? 0 : sender.pid(),
                sender == null ? -1 : sender.uid(),
                buffer.descriptors()));
    }

    /** Where it is. */
    public UnixAddress address() {
        return address;
    }

    /** The descriptor, readable while a message waits. */
    public int fd() {
        return descriptor.fd();
    }

    /** Lets go of it, for somebody else has another descriptor of it and listens on. */
    public void leave() {
        descriptor.close();
    }

    /** Ends it, and removes its file. */
    @Override
    public void close() {
        descriptor.close();
        removeFile();
    }
}
