package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.linux.UnixDatagram.Message;
import io.respawn.linux.libc.Unistd;
import io.respawn.linux.libc.UnixSender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages between processes of this machine, really sent. */
class UnixDatagramIT {

    private static final int CAPACITY = 64;

    @TempDir
    private Path directory;

    private UnixAddress path() {
        return new UnixAddress(directory.resolve("notify").toString());
    }

    private static String text(Message message) {
        return new String(message.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void namesTheSenderOfAMessage() {
        // given
        try (var socket = UnixDatagram.bind(path(), CAPACITY);
                var sender = new UnixSender(path().name())) {
            // when
            sender.send("READY=1");
            Message message = socket.receive().orElseThrow();
            // then
            assertThat(text(message)).isEqualTo("READY=1");
            assertThat(message.pid()).isEqualTo(ProcFs.ownPid());
            assertThat(message.uid()).isEqualTo(Unistd.geteuid());
            assertThat(message.cut()).isFalse();
            assertThat(message.descriptors()).isEmpty();
            assertThat(socket.receive()).isEmpty();
        }
    }

    @Test
    void namesAnotherProcessThatIsGoneByNow() throws Exception {
        // given
        try (var socket = UnixDatagram.bind(path(), CAPACITY)) {
            Process perl = new ProcessBuilder(
                            "perl",
                            "-MIO::Socket::UNIX",
                            "-e",
                            "IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ARGV[0])->send('READY=1')",
                            path().name())
                    .inheritIO()
                    .start();
            // when
            assertThat(perl.waitFor()).isZero();
            // then
            assertThat(socket.receive().map(Message::pid)).contains((int) perl.pid());
        }
    }

    @Test
    void findsAnAbstractNameWithoutAFile() {
        // given
        var address = new UnixAddress("@respawn-test-" + UUID.randomUUID());
        try (var socket = UnixDatagram.bind(address, CAPACITY);
                var sender = new UnixSender(address.name())) {
            // when
            sender.send("STATUS=\u00fc");
            // then
            assertThat(socket.receive().map(UnixDatagramIT::text)).contains("STATUS=\u00fc");
        }
    }

    @Test
    void cutsWhatIsTooLongAndSaysSo() {
        // given
        try (var socket = UnixDatagram.bind(path(), CAPACITY);
                var sender = new UnixSender(path().name())) {
            // when
            sender.send("x".repeat(CAPACITY + 1));
            sender.send("");
            // then
            Message cut = socket.receive().orElseThrow();
            assertThat(cut.bytes()).hasSize(CAPACITY);
            assertThat(cut.cut()).isTrue();
            assertThat(socket.receive().map(UnixDatagramIT::text)).contains("");
        }
    }

    @Test
    void ownsTheDescriptorsThatCameAndClosesThemWithTheMessage() throws Exception {
        // given
        int[] pipe = new int[2];
        assertThat(Unistd.pipe2(pipe, Unistd.O_CLOEXEC | Unistd.O_NONBLOCK)).isZero();
        try (var socket = UnixDatagram.bind(path(), CAPACITY);
                var sender = new UnixSender(path().name())) {
            // when: the writing end is lent, and only what was lent stays open
            sender.send("BARRIER=1", pipe[1], pipe[1]);
            Unistd.close(pipe[1]);
            Message message = socket.receive().orElseThrow();
            // then: nobody inherits them, and the reader sees the end when they are closed
            assertThat(message.descriptors()).hasSize(2);
            for (int descriptor : message.descriptors()) {
                assertThat(Unistd.fcntl(descriptor, Unistd.F_GETFD, 0)).isEqualTo(Unistd.FD_CLOEXEC);
            }
            byte[] buffer = new byte[1];
            assertThat(Errno.EAGAIN.is(Unistd.read(pipe[0], buffer))).isTrue();
            message.close();
            assertThat(Unistd.read(pipe[0], buffer)).isZero();
        } finally {
            Unistd.close(pipe[0]);
        }
    }

    @Test
    void takesThePlaceOfASocketWhoseProcessWasKilled() throws Exception {
        // given: what such a process leaves behind
        Process perl = new ProcessBuilder(
                        "perl",
                        "-MIO::Socket::UNIX",
                        "-e",
                        "IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die; kill 9, $$",
                        path().name())
                .inheritIO()
                .start();
        assertThat(perl.waitFor()).isEqualTo(137);
        assertThat(Path.of(path().name())).exists();
        // when
        try (var socket = UnixDatagram.bind(path(), CAPACITY);
                var sender = new UnixSender(path().name())) {
            sender.send("READY=1");
            // then
            assertThat(socket.receive()).isPresent();
        }
        assertThat(Files.exists(Path.of(path().name()))).isFalse();
    }

    @Test
    void saysWhatAnAddressMustLookLike() {
        for (String wrong : new String[] {"", "@", "notify", "/" + "x".repeat(107), "/a\0b"}) {
            assertThatThrownBy(() -> new UnixAddress(wrong))
                    .hasMessageStartingWith("Cannot use '")
                    .hasMessageEndingWith("at most 107 bytes");
        }
        assertThat(new UnixAddress("/" + "x".repeat(106)).name()).hasSize(107);
        assertThat(UnixAddress.fits(Path.of("/" + "x".repeat(106)))).isTrue();
        assertThat(UnixAddress.fits(Path.of("/" + "x".repeat(107)))).isFalse();
    }

    @Test
    void refusesAnAbstractNameThatIsTaken() {
        // given
        var address = new UnixAddress("@respawn-test-" + UUID.randomUUID());
        try (var first = UnixDatagram.bind(address, CAPACITY)) {
            // then
            assertThatThrownBy(() -> UnixDatagram.bind(address, CAPACITY))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("Cannot bind a socket to " + first.address());
        }
        assertThat(Optional.of(UnixDatagram.bind(address, CAPACITY))).hasValueSatisfying(UnixDatagram::close);
    }
}
