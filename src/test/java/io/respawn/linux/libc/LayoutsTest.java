package io.respawn.linux.libc;

import static io.respawn.linux.libc.Layouts.offset;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutsTest {

    @Test
    void packsTheEpollEventOnX86Only() {
        // given
        var x86 = Layouts.epollEvent(Architecture.X86_64);
        var arm = Layouts.epollEvent(Architecture.AARCH64);

        // when
        long[] sizes = {x86.byteSize(), arm.byteSize()};

        // then
        assertThat(sizes).containsExactly(12, 16);
        assertThat(offset(x86, "data")).isEqualTo(4);
        assertThat(offset(arm, "data")).isEqualTo(8);
    }

    @Test
    void placesWhatTheKernelTellsOfAnEndedChild() {
        // given
        var layout = Layouts.siginfo_t;

        // when
        long size = layout.byteSize();

        // then
        assertThat(size).isEqualTo(128);
        assertThat(offset(layout, "si_code")).isEqualTo(8);
        assertThat(offset(layout, "si_pid")).isEqualTo(16);
        assertThat(offset(layout, "si_status")).isEqualTo(24);
        assertThat(Layouts.rusage.byteSize()).isEqualTo(144);
        assertThat(offset(Layouts.rusage, "ru_stime_sec")).isEqualTo(16);
    }

    @Test
    void placesTheExitCodeOfAPidfd() {
        // given
        var layout = Layouts.pidfd_info;

        // when
        long size = layout.byteSize();

        // then
        assertThat(size).isEqualTo(64).isEqualTo(Processes.PIDFD_GET_INFO >> 16 & 0x3fff);
        assertThat(offset(layout, "pid")).isEqualTo(16);
        assertThat(offset(layout, "exit_code")).isEqualTo(60);
    }

    @Test
    void givesSignalStructuresTheSizesOfGlibc() {
        // given
        var record = Layouts.signalfd_siginfo;

        // when
        long size = record.byteSize();

        // then
        assertThat(size).isEqualTo(128);
        assertThat(offset(record, "ssi_pid")).isEqualTo(12);
        assertThat(Layouts.sigset_t.byteSize()).isEqualTo(128);
        assertThat(Layouts.sigaction.byteSize()).isEqualTo(152);
        assertThat(offset(Layouts.sigaction, "sa_flags")).isEqualTo(136);
        assertThat(Layouts.itimerspec.byteSize()).isEqualTo(32);
        assertThat(offset(Layouts.itimerspec, "it_value")).isEqualTo(16);
        assertThat(Layouts.statfs.byteSize()).isEqualTo(120);
        assertThat(Layouts.stat.byteSize()).isEqualTo(144);
        assertThat(offset(Layouts.stat, "st_ino")).isEqualTo(8);
    }

    @Test
    void placesWhatTravelsBesideAMessage() {
        // given
        var header = Layouts.msghdr;

        // when
        long size = header.byteSize();

        // then
        assertThat(size).isEqualTo(56);
        assertThat(offset(header, "msg_iov")).isEqualTo(16);
        assertThat(offset(header, "msg_control")).isEqualTo(32);
        assertThat(offset(header, "msg_controllen")).isEqualTo(40);
        assertThat(offset(header, "msg_flags")).isEqualTo(48);
        assertThat(Layouts.iovec.byteSize()).isEqualTo(16);
        assertThat(Layouts.cmsghdr.byteSize()).isEqualTo(16);
        assertThat(offset(Layouts.cmsghdr, "cmsg_type")).isEqualTo(12);
        assertThat(Layouts.ucred.byteSize()).isEqualTo(12);
        assertThat(Layouts.sockaddr_un.byteSize()).isEqualTo(110);
        assertThat(offset(Layouts.sockaddr_un, "sun_path")).isEqualTo(2);
        assertThat(Socket.space(Layouts.ucred.byteSize())).isEqualTo(32);
        assertThat(Socket.space(4)).isEqualTo(24);
    }

    @Test
    void picksNumbersByArchitecture() {
        // given
        var arm = Architecture.named("aarch64");

        // when
        long waitid = arm.pick(247, 95);

        // then
        assertThat(waitid).isEqualTo(95);
        assertThat(Architecture.named("amd64").pick(247, 95)).isEqualTo(247);
    }
}
