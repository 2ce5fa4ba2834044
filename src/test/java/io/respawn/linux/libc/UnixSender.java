package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Sends messages as services do, with descriptors beside them if wanted. Not for several threads. */
public final class UnixSender implements AutoCloseable {

    private static final MemorySegment SENDMSG = Downcall.symbol("sendmsg");
    private static final MemorySegment SENDTO = Downcall.symbol("sendto");
    private static final int EAGAIN = 11;

    private final int fd = Socket.socket(Socket.AF_UNIX, Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC, 0);
    private final Memory memory = new Memory();
    private final MemorySegment address;
    private final long addressLength;

    /** For this address, a path or {@code @} and an abstract name. */
    public UnixSender(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (name.startsWith("@")) {
            bytes[0] = 0;
        }
        address = Socket.address(memory, bytes);
        addressLength = Socket.addressLength(bytes);
    }

    /** Waits while the receiver has no room. */
    public void send(String text) {
        if (send(text, 0) < 0) {
            throw new AssertionError("Cannot send '" + text + "'");
        }
    }

    /** Says false if the receiver has no room now. */
    public boolean offer(String text) {
        int dontWait = 0x40;
        long sent = send(text, dontWait);
        if (sent < 0 && sent != -EAGAIN) {
            throw new AssertionError("Cannot send '" + text + "': error " + -sent);
        }
        return sent >= 0;
    }

    private long send(String text, int flags) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var call = new Memory()) {
            MemorySegment data = call.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
            return Downcall.longs(SENDTO, fd, data.address(), bytes.length, flags, address.address(), addressLength);
        }
    }

    /** Sends a text and lends these descriptors. */
    public void send(String text, int... descriptors) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var call = new Memory()) {
            MemorySegment data = call.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
            MemorySegment vector = call.allocate(Layouts.iovec);
            vector.set(JAVA_LONG, 0, data.address());
            vector.set(JAVA_LONG, 8, bytes.length);
            MemorySegment control = call.allocate(Socket.space(4L * descriptors.length));
            control.set(JAVA_LONG, 0, Layouts.cmsghdr.byteSize() + 4L * descriptors.length);
            control.set(JAVA_INT, 8, Socket.SOL_SOCKET);
            control.set(JAVA_INT, 12, Socket.SCM_RIGHTS);
            for (int i = 0; i < descriptors.length; i++) {
                control.set(JAVA_INT, Layouts.cmsghdr.byteSize() + 4L * i, descriptors[i]);
            }
            MemorySegment header = call.allocate(Layouts.msghdr);
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_name"), address.address());
            header.set(JAVA_INT, Layouts.offset(Layouts.msghdr, "msg_namelen"), (int) addressLength);
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_iov"), vector.address());
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_iovlen"), 1);
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_control"), control.address());
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_controllen"), control.byteSize());
            long sent = Downcall.longs(SENDMSG, fd, header.address(), 0, 0, 0, 0);
            if (sent != bytes.length) {
                throw new AssertionError("Cannot send '" + text + "' with descriptors: error " + -sent);
            }
        }
    }

    @Override
    public void close() {
        Unistd.close(fd);
        memory.close();
    }
}
