package io.respawn.linux.libc;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** The C structures by named field; where architectures differ, the layout is chosen here and nowhere else. */
final class Layouts {

    static final StructLayout timespec = structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_nsec"))
            .withName("timespec");

    static final StructLayout itimerspec = structLayout(timespec.withName("it_interval"), timespec.withName("it_value"))
            .withName("itimerspec");

    static final StructLayout sigset_t = structLayout(
                    JAVA_LONG.withName("low"), sequenceLayout(15, JAVA_LONG).withName("rest"))
            .withName("sigset_t");

    /** As glibc has it on 64-bit machines: the handler first. */
    static final StructLayout sigaction = structLayout(
                    JAVA_LONG.withName("sa_handler"),
                    sigset_t.withName("sa_mask"),
                    JAVA_INT.withName("sa_flags"),
                    paddingLayout(4),
                    JAVA_LONG.withName("sa_restorer"))
            .withName("sigaction");

    /** As the kernel fills it for SIGCHLD and {@code waitid}. */
    static final StructLayout siginfo_t = structLayout(
                    JAVA_INT.withName("si_signo"),
                    JAVA_INT.withName("si_errno"),
                    JAVA_INT.withName("si_code"),
                    paddingLayout(4),
                    JAVA_INT.withName("si_pid"),
                    JAVA_INT.withName("si_uid"),
                    JAVA_INT.withName("si_status"),
                    paddingLayout(100))
            .withName("siginfo_t");

    static final StructLayout signalfd_siginfo = structLayout(
                    JAVA_INT.withName("ssi_signo"),
                    JAVA_INT.withName("ssi_errno"),
                    JAVA_INT.withName("ssi_code"),
                    JAVA_INT.withName("ssi_pid"),
                    JAVA_INT.withName("ssi_uid"),
                    sequenceLayout(108, JAVA_BYTE).withName("rest"))
            .withName("signalfd_siginfo");

    static final StructLayout rusage = structLayout(
                    JAVA_LONG.withName("ru_utime_sec"),
                    JAVA_LONG.withName("ru_utime_usec"),
                    JAVA_LONG.withName("ru_stime_sec"),
                    JAVA_LONG.withName("ru_stime_usec"),
                    JAVA_LONG.withName("ru_maxrss"),
                    sequenceLayout(13, JAVA_LONG).withName("rest"))
            .withName("rusage");

    static final StructLayout pidfd_info = structLayout(
                    JAVA_LONG.withName("mask"),
                    JAVA_LONG.withName("cgroupid"),
                    JAVA_INT.withName("pid"),
                    JAVA_INT.withName("tgid"),
                    JAVA_INT.withName("ppid"),
                    sequenceLayout(8, JAVA_INT).withName("credentials"),
                    JAVA_INT.withName("exit_code"))
            .withName("pidfd_info");

    /** The head that x86_64 and aarch64 share, within the larger of their sizes. */
    static final StructLayout stat = structLayout(
                    JAVA_LONG.withName("st_dev"), JAVA_LONG.withName("st_ino"), paddingLayout(128))
            .withName("stat");

    static final StructLayout statfs =
            structLayout(JAVA_LONG.withName("f_type"), paddingLayout(112)).withName("statfs");

    /** As the kernel has it on 64-bit machines. */
    static final StructLayout iovec = structLayout(JAVA_LONG.withName("iov_base"), JAVA_LONG.withName("iov_len"))
            .withName("iovec");

    static final StructLayout msghdr = structLayout(
                    JAVA_LONG.withName("msg_name"),
                    JAVA_INT.withName("msg_namelen"),
                    paddingLayout(4),
                    JAVA_LONG.withName("msg_iov"),
                    JAVA_LONG.withName("msg_iovlen"),
                    JAVA_LONG.withName("msg_control"),
                    JAVA_LONG.withName("msg_controllen"),
                    JAVA_INT.withName("msg_flags"),
                    paddingLayout(4))
            .withName("msghdr");

    static final StructLayout cmsghdr = structLayout(
                    JAVA_LONG.withName("cmsg_len"), JAVA_INT.withName("cmsg_level"), JAVA_INT.withName("cmsg_type"))
            .withName("cmsghdr");

    static final StructLayout ucred = structLayout(
                    JAVA_INT.withName("pid"), JAVA_INT.withName("uid"), JAVA_INT.withName("gid"))
            .withName("ucred");

    static final StructLayout sockaddr_un = structLayout(
                    JAVA_SHORT.withName("sun_family"),
                    sequenceLayout(108, JAVA_BYTE).withName("sun_path"))
            .withName("sockaddr_un");

    static final StructLayout epoll_event = epollEvent(Architecture.CURRENT);

    private Layouts() {}

    /** The kernel packs this structure on x86_64 alone, so that 32-bit programs find the same layout there. */
    static StructLayout epollEvent(Architecture architecture) {
        var events = JAVA_INT.withName("events");
        var data = JAVA_LONG.withByteAlignment(4).withName("data");
        return switch (architecture) {
            case X86_64 -> structLayout(events, data).withName("epoll_event");
            case AARCH64 ->
                structLayout(events, paddingLayout(4), JAVA_LONG.withName("data"))
                        .withName("epoll_event");
        };
    }

    static long offset(MemoryLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
