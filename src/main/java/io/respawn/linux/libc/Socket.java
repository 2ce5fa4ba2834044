package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sockets within the machine, and what travels beside their bytes: {@code sys/socket.h} and {@code sys/un.h}. */
public final class Socket {

    public static final int AF_UNIX = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOL_SOCKET = 1;
    public static final int SO_PASSCRED = 16;
    public static final int SCM_RIGHTS = 1;
    public static final int SCM_CREDENTIALS = 2;
    public static final int MSG_CTRUNC = 8;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    /** The most descriptors that the kernel lets travel with one message. */
    public static final int SCM_MAX_FD = 253;

    /** {@code sizeof(sun_path)}. */
    public static final int SUN_PATH = 108;

    private static final MemorySegment SOCKET = Downcall.symbol("socket");
    private static final MemorySegment BIND = Downcall.symbol("bind");
    private static final MemorySegment SETSOCKOPT = Downcall.symbol("setsockopt");
    private static final MemorySegment RECVMSG = Downcall.symbol("recvmsg");

    private static final long FLAGS = Layouts.offset(Layouts.msghdr, "msg_flags");
    private static final long CONTROL_LENGTH = Layouts.offset(Layouts.msghdr, "msg_controllen");
    private static final long HEADER = Layouts.cmsghdr.byteSize();

    private Socket() {}

    /** Who sent a message, by the kernel's word; 0 stands for a process of another PID namespace. */
    public record ucred(int pid, int uid, int gid) {}

    /** A message buffer that {@link #recvmsg} fills again and again. */
    public static final class message {
        private final MemorySegment header;
        private final MemorySegment bytes;
        private final MemorySegment control;

        /** The header knows the others by their numbers alone: they must live as long as it does. */
        private final MemorySegment vector;

        /** Reserves room for so many bytes, for credentials and for descriptors; the memory goes with this object. */
        public message(int capacity) {
            Arena arena = Arena.ofAuto();
            bytes = arena.allocate(capacity, 8);
            control = arena.allocate(space(Layouts.ucred.byteSize()) + space(SCM_MAX_FD * JAVA_INT.byteSize()), 8);
            vector = arena.allocate(Layouts.iovec);
            vector.set(JAVA_LONG, Layouts.offset(Layouts.iovec, "iov_base"), bytes.address());
            vector.set(JAVA_LONG, Layouts.offset(Layouts.iovec, "iov_len"), capacity);
            header = arena.allocate(Layouts.msghdr);
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_iov"), vector.address());
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_iovlen"), 1);
            header.set(JAVA_LONG, Layouts.offset(Layouts.msghdr, "msg_control"), control.address());
        }

        public int flags() {
            return header.get(JAVA_INT, FLAGS);
        }

        /** A copy of the bytes of the message. */
        public byte[] bytes(int length) {
            return bytes.asSlice(0, Math.min(length, bytes.byteSize())).toArray(JAVA_BYTE);
        }

        /** The credentials that came with it; null if the kernel added none. */
        public @Nullable ucred credentials() {
            MemorySegment data = find(SCM_CREDENTIALS);
            return data == null ? null : new ucred(data.get(JAVA_INT, 0), data.get(JAVA_INT, 4), data.get(JAVA_INT, 8));
        }

        /** The descriptors that came with it; they are open, and the caller's. */
        public List<Integer> descriptors() {
            MemorySegment data = find(SCM_RIGHTS);
            List<Integer> descriptors = new ArrayList<>();
            for (long at = 0; data != null && at < data.byteSize(); at += JAVA_INT.byteSize()) {
                descriptors.add(data.get(JAVA_INT, at));
            }
            return descriptors;
        }

        private @Nullable MemorySegment find(int type) {
            long end = header.get(JAVA_LONG, CONTROL_LENGTH);
            long at = 0;
            while (at + HEADER <= end) {
                long length = control.get(JAVA_LONG, at);
                if (length < HEADER) {
                    return null;
                }
                if (control.get(JAVA_INT, at + Layouts.offset(Layouts.cmsghdr, "cmsg_level")) == SOL_SOCKET
                        && control.get(JAVA_INT, at + Layouts.offset(Layouts.cmsghdr, "cmsg_type")) == type) {
                    return control.asSlice(at + HEADER, Math.min(length, end - at) - HEADER);
                }
                at += align(length);
            }
            return null;
        }
    }

    /** {@code CMSG_SPACE}. */
    static long space(long length) {
        return align(HEADER) + align(length);
    }

    private static long align(long length) {
        return (length + 7) & ~7L;
    }

    /** <a href="https://man7.org/linux/man-pages/man2/socket.2.html">socket(2)</a>. */
    public static int socket(int domain, int type, int protocol) {
        return Downcall.ints(SOCKET, domain, type, protocol);
    }

    /**
     * <a href="https://man7.org/linux/man-pages/man2/bind.2.html">bind(2)</a> to an address of the kind AF_UNIX; a name
     * that begins with NUL is abstract.
     */
    public static int bind(int fd, byte[] name) {
        try (var memory = new Memory()) {
            MemorySegment address = address(memory, name);
            return Downcall.ints(BIND, fd, address.address(), addressLength(name));
        }
    }

    static MemorySegment address(Memory memory, byte[] name) {
        MemorySegment address = memory.allocate(Layouts.sockaddr_un);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, Layouts.offset(Layouts.sockaddr_un, "sun_path"), name.length);
        return address;
    }

    /** All bytes count in an abstract name, so the length ends with it; a path keeps its closing NUL. */
    static long addressLength(byte[] name) {
        return Layouts.offset(Layouts.sockaddr_un, "sun_path") + name.length + (name[0] == 0 ? 0 : 1);
    }

    /** <a href="https://man7.org/linux/man-pages/man2/setsockopt.2.html">setsockopt(2)</a> with an integer. */
    public static int setsockopt(int fd, int level, int option, int value) {
        try (var memory = new Memory()) {
            MemorySegment number = memory.allocate(JAVA_INT);
            number.set(JAVA_INT, 0, value);
            return Downcall.ints(SETSOCKOPT, fd, level, option, number.address(), JAVA_INT.byteSize(), 0);
        }
    }

    /** <a href="https://man7.org/linux/man-pages/man2/recvmsg.2.html">recvmsg(2)</a>: the length of the message. */
    public static int recvmsg(int fd, message into, int flags) {
        try {
            into.header.set(JAVA_LONG, CONTROL_LENGTH, into.control.byteSize());
            return (int) Downcall.longs(RECVMSG, fd, into.header.address(), flags, 0, 0, 0);
        } finally {
            // The call knows only the address: without this the memory could be freed while the kernel writes to it.
            Reference.reachabilityFence(into);
        }
    }
}
