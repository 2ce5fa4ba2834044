package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsIT {

    @TempDir
    Path directory;

    @Test
    void findsOutWhatTheKernelAllows() {
        // given
        int self = ProcFs.ownPid();

        // when
        Capabilities capabilities = Capabilities.probe();

        // then
        assertThat(capabilities.byName().keySet())
                .startsWith(Capabilities.PIDFD, Capabilities.WAIT_BY_PIDFD, Capabilities.GROUP_SIGNAL_BY_PIDFD)
                .contains(Capabilities.EXIT_INFO, Capabilities.SUBREAPER, Capabilities.TERM_BLOCKED);
        assertThat(capabilities.has(Capabilities.PIDFD)).isTrue();
        assertThat(capabilities.has(Capabilities.WAIT_BY_PIDFD)).isTrue();
        assertThat(capabilities.has(Capabilities.SUBREAPER)).isTrue();
        assertThat(capabilities.has(Capabilities.FIRST_PROCESS)).isEqualTo(self == 1);
        assertThat(capabilities.byName().values())
                .allSatisfy(finding -> assertThat(finding.words()).isNotBlank());
        assertThat(capabilities.has("no such thing")).isFalse();
    }

    @Test
    void readsItsOwnProcess() {
        // given
        int self = ProcFs.ownPid();

        // when
        ProcessStat stat = ProcFs.stat(self).orElseThrow();

        // then
        assertThat(stat.pid()).isEqualTo(self);
        assertThat(ProcFs.pids()).contains(self, stat.parent());
        assertThat(Pidfd.open(self, stat.startTicks())).hasValueSatisfying(Pidfd::close);
        assertThat(ProcFs.executable(self))
                .hasValueSatisfying(file -> assertThat(file).hasFileName("java"));
        assertThat(ProcFs.bootId()).hasSize(36);
        assertThat(ProcFs.pidNamespaceInode()).isPositive();
        assertThat(ProcFs.ownUsage().residentBytes()).isGreaterThan(1 << 20);
        assertThat(ProcFs.ownUsage().openDescriptors()).isGreaterThan(2);
        assertThat(ProcFs.ownUsage().cpuTime()).isPositive();
        assertThat(Sigchld.reset()).isFalse();
    }

    @Test
    void countsTheTimeSinceTheMachineStarted() throws Exception {
        // given
        String uptime = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);

        // when
        long nanos = BootClock.nanos();

        // then
        double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        assertThat(nanos / 1e9 - seconds).isBetween(-0.02, 5.0);
    }

    @Test
    void tellsProcessesApartByInode() {
        // given
        var first = Programs.shell("exec sleep 1000");
        var second = Programs.shell("exec sleep 1000");

        // when
        boolean distinct = first.pidfd().inode().equals(second.pidfd().inode());

        // then
        assertThat(distinct).isEqualTo(first.pidfd().inode().isEmpty());
        Programs.end(first);
        Programs.end(second);
    }

    @Test
    void makesADirectoryThatIsPrivate() throws Exception {
        // given
        Path wanted = directory.resolve("run/respawn");
        Path wide = Files.createDirectory(directory.resolve("wide"));
        Files.setPosixFilePermissions(wide, PosixFilePermissions.fromString("rwxrwxrwx"));

        // when
        var made = PrivateDirectory.prepare(wanted);
        var narrowed = PrivateDirectory.prepare(wide);

        // then
        assertThat(made).isEqualTo(new PrivateDirectory.Outcome.Ready(wanted));
        assertThat(PrivateDirectory.prepare(wanted)).isEqualTo(made);
        assertThat(narrowed).isEqualTo(new PrivateDirectory.Outcome.Ready(wide));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(wide)))
                .isEqualTo("rwx------");
    }

    @Test
    void refusesADirectoryThatIsALinkOrAFile() throws Exception {
        // given
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/tmp"));
        Path file = Files.createFile(directory.resolve("file"));

        // when
        var linked = PrivateDirectory.prepare(link);
        var below = PrivateDirectory.prepare(file.resolve("below"));

        // then
        assertThat(linked)
                .isInstanceOfSatisfying(
                        PrivateDirectory.Outcome.Refused.class,
                        refused -> assertThat(refused.words())
                                .startsWith("Cannot use " + link + ": it is a symbolic link"));
        assertThat(below)
                .isInstanceOfSatisfying(
                        PrivateDirectory.Outcome.Refused.class,
                        refused -> assertThat(refused.words()).startsWith("Cannot make the directory"));
    }

    @Test
    void wakesOnlyByItsDeadlineWhileNothingIsReady() {
        try (var epoll = new Epoll();
                var event = new EventFd()) {
            // given
            epoll.add(event.fd(), Epoll.IN, 7);

            // when
            int none = epoll.await(Duration.ofMillis(10), (events, token) -> {});
            event.signal();
            event.signal();
            int one = epoll.await(
                    Duration.ofSeconds(10), (events, token) -> assertThat(token).isEqualTo(7));

            // then
            assertThat(none).isZero();
            assertThat(one).isEqualTo(1);
            assertThat(event.drain()).isEqualTo(2);
            assertThat(event.drain()).isZero();
            assertThat(epoll.remove(event.fd())).isTrue();
            assertThat(epoll.remove(event.fd())).isFalse();
        }
    }
}
