package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.respawn.linux.ExitStatus.Exited;
import io.respawn.linux.ExitStatus.Signalled;
import io.respawn.linux.SpawnRequest.Stream;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.linux.Waiter.Answer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnIT {

    /** The C library keeps signals 32 and 33 for itself and leaves them ignored in its children. */
    private static final long KEPT_BY_LIBC = 3L << 31;

    @TempDir
    Path directory;

    @Test
    void seesAnExitCodeThroughTheLoop() throws Exception {
        try (var loop = new LoopThread()) {
            // given
            Spawned spawned = Programs.shell("exit 42");

            // when
            Answer peeked = loop.ended(spawned.pidfd()).get();

            // then
            assertThat(peeked.ended()).hasValueSatisfying(SpawnIT::isCode42);
            assertThat(Waiter.reap(spawned.pidfd()).ended()).hasValueSatisfying(SpawnIT::isCode42);
            assertThat(Waiter.reap(spawned.pidfd())).isEqualTo(new Answer.NotOurChild());
            assertThat(spawned.pidfd().signal(0)).isEqualTo(SignalResult.GONE);
            spawned.pidfd().close();
        }
    }

    private static void isCode42(ExitStatus status) {
        assertThat(status).isInstanceOf(Exited.class).hasToString("exit code 42");
        assertThat(status.cpuTime()).isPresent();
    }

    @Test
    void seesTheSignalThatEndedAProcess() throws Exception {
        try (var loop = new LoopThread()) {
            // given
            Spawned spawned = Programs.spawn(sleeper());
            assertThat(Waiter.peek(spawned.pidfd())).isEqualTo(new Answer.Running());

            // when
            SignalResult result = spawned.pidfd().signal(Signals.SIGTERM);

            // then
            assertThat(result).isEqualTo(SignalResult.SENT);
            assertThat(loop.ended(spawned.pidfd()).get().ended())
                    .hasValueSatisfying(status -> assertThat(status)
                            .isInstanceOfSatisfying(
                                    Signalled.class,
                                    signalled -> assertThat(signalled.signal()).isEqualTo(Signals.SIGTERM)));
            Programs.end(spawned);
        }
    }

    @Test
    void givesAChildACleanBeginning() throws Exception {
        // given: descriptors of ours that are not close-on-exec, and a mask of this thread
        try (var inheritable = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Set<Integer> before = SignalMask.block(Set.of(Signals.SIGUSR1, Signals.SIGTERM));

            // when
            Spawned spawned = Programs.spawn(sleeper());
            SignalMask.replace(before);

            // then
            Map<String, String> status = ProcFs.status(spawned.pid()).orElseThrow();
            assertThat(Long.parseUnsignedLong(status.get("SigBlk"), 16)).isZero();
            assertThat(Long.parseUnsignedLong(status.get("SigIgn"), 16) & ~KEPT_BY_LIBC)
                    .isZero();
            assertThat(Programs.descriptors(spawned.pid()))
                    .containsOnlyKeys("0", "1", "2")
                    .containsEntry("0", "/dev/null");
            ProcessStat stat = ProcFs.stat(spawned.pid()).orElseThrow();
            assertThat(stat.session()).isEqualTo(spawned.pid()).isEqualTo(stat.processGroup());
            assertThat(stat.startTicks()).isEqualTo(spawned.startTicks());
            assertThat(stat.parent()).isEqualTo(ProcFs.ownPid());
            // posix_spawn returns when the old memory is gone, which is a moment before the new one has its arguments.
            await().untilAsserted(() ->
                    assertThat(ProcFs.environment(spawned.pid()).orElseThrow()).containsEntry("TAG", "a b=c"));
            assertThat(ProcFs.commandLine(spawned.pid())).contains(List.of("sleeper", "1000"));
            assertThat(ProcFs.workingDirectory(spawned.pid())).contains(directory.toRealPath());
            assertThat(inheritable.isBound()).isTrue();
            Programs.end(spawned);
        }
    }

    @Test
    void appendsOutputToAFileAndToADescriptor() throws Exception {
        try (var loop = new LoopThread();
                var file = AppendFile.open(directory.resolve("errors"))) {
            // given
            Path output = directory.resolve("output");
            Files.writeString(output, "before\n");
            var request = new SpawnRequest(
                    Path.of("/bin/sh"),
                    List.of("sh", "-c", "pwd; echo bad >&2"),
                    List.of(),
                    directory,
                    new Stream.ToFile(output),
                    new Stream.ToDescriptor(file.fd()));

            // when
            Spawned spawned = Programs.spawn(request);
            loop.ended(spawned.pidfd()).get();

            // then
            assertThat(output).hasContent("before\n" + directory.toRealPath());
            assertThat(directory.resolve("errors")).hasContent("bad");
            Programs.end(spawned);
        }
    }

    @Test
    void tellsAMissingDirectoryFromAMissingProgram() {
        // given
        Path missing = directory.resolve("missing");
        var noDirectory = Programs.shell("true", missing, Programs.NOWHERE);
        var noProgram =
                new SpawnRequest(missing, List.of("missing"), List.of(), directory, Programs.NOWHERE, Programs.NOWHERE);

        // when
        Failed first = (Failed) Spawn.spawn(noDirectory);
        Failed second = (Failed) Spawn.spawn(noProgram);

        // then
        assertThat(first.stage()).isEqualTo(Stage.WORKING_DIRECTORY);
        assertThat(second.stage()).isEqualTo(Stage.EXECUTABLE);
        assertThat(first.errno()).isEqualTo(Errno.ENOENT).isEqualTo(second.errno());
        assertThat(first.words()).startsWith("Cannot start in the working directory " + missing);
        assertThat(second.words()).startsWith("Cannot start " + missing);
    }

    @Test
    void namesTheOtherStages() throws Exception {
        // given
        Path plain = Files.writeString(directory.resolve("plain"), "text");
        Path garbage = executable("garbage", "\u0001\u0002");
        Path orphaned = executable("orphaned", "#!/no/such/interpreter\n");

        // when
        Failed notExecutable = fails(plain, Programs.NOWHERE);
        Failed notAProgram = fails(garbage, Programs.NOWHERE);
        Failed noInterpreter = fails(orphaned, Programs.NOWHERE);
        Failed noOutput = fails(Path.of("/bin/sh"), new Stream.ToFile(directory));
        Failed closedOutput = fails(Path.of("/bin/sh"), new Stream.ToDescriptor(999_999));

        // then
        assertThat(notExecutable.stage()).isEqualTo(Stage.PERMISSION);
        assertThat(notAProgram.stage()).isEqualTo(Stage.EXECUTABLE);
        assertThat(notAProgram.errno()).isEqualTo(Errno.ENOEXEC);
        assertThat(noInterpreter.stage()).isEqualTo(Stage.EXECUTABLE);
        assertThat(noInterpreter.words()).contains("its interpreter");
        assertThat(noOutput.stage()).isEqualTo(Stage.OUTPUT);
        assertThat(noOutput.errno()).isEqualTo(Errno.EISDIR);
        assertThat(closedOutput.stage()).isEqualTo(Stage.OUTPUT);
    }

    @Test
    void findsProgramsByPathAndByName() throws Exception {
        // given
        Path program = executable("program", "#!/bin/sh\n");
        List<String> environment = List.of("PATH=/nowhere:" + directory);

        // when
        var byName = Executables.find("program", environment, Path.of("/"));
        var byPath = Executables.find("./program", List.of(), directory);
        var absent = Executables.find("absent", environment, Path.of("/"));

        // then
        assertThat(byName).isEqualTo(new Executables.Resolution.Found(program)).isEqualTo(byPath);
        assertThat(absent)
                .isInstanceOfSatisfying(
                        Executables.Resolution.Missing.class,
                        missing -> assertThat(missing.failure().words())
                                .startsWith("Cannot find the program 'absent' in PATH (/nowhere:" + directory + ")"));
    }

    @Test
    void refusesRequestsThatCannotBeMeant() {
        // given
        Path relative = Path.of("sh");

        // when // then
        assertThatThrownBy(() -> new SpawnRequest(
                        relative, List.of("sh"), List.of(), directory, Programs.NOWHERE, Programs.NOWHERE))
                .hasMessageStartingWith("Cannot start with the executable 'sh'");
        assertThatThrownBy(() -> Programs.shell("true", directory, new Stream.ToDescriptor(0)))
                .hasMessageStartingWith("Cannot send the child's descriptor 1 to 0");
        assertThatThrownBy(() -> Programs.shell("true\0false", directory, Programs.NOWHERE)
                        .arguments()
                        .forEach(argument -> Programs.shell(argument)))
                .hasMessageContaining("NUL");
    }

    @Test
    void opensAProcessOnlyByItsOwnStartTime() {
        // given
        Spawned spawned = Programs.spawn(sleeper());

        // when
        var same = Pidfd.open(spawned.pid(), spawned.startTicks());
        var other = Pidfd.open(spawned.pid(), spawned.startTicks() - 1);

        // then
        assertThat(same).isPresent();
        assertThat(other).isEmpty();
        assertThat(same.orElseThrow().inode()).isEqualTo(spawned.pidfd().inode());
        same.orElseThrow().close();
        Programs.end(spawned);
        assertThat(Pidfd.open(spawned.pid())).isEmpty();
    }

    @Test
    void signalsAWholeGroupByPidfdWhereTheKernelCan() throws Exception {
        assumeThatGroupsCanBeSignalled();
        try (var loop = new LoopThread()) {
            // given
            Spawned spawned = Programs.shell("trap 'exit 5' USR1; while :; do sleep 0.05; done");

            // when
            SignalResult result = spawned.pidfd().signalGroup(Signals.SIGKILL);

            // then
            assertThat(result).isEqualTo(SignalResult.SENT);
            assertThat(loop.ended(spawned.pidfd()).get().ended().map(ExitStatus::shellCode))
                    .contains(137);
            Programs.end(spawned);
        }
    }

    private static void assumeThatGroupsCanBeSignalled() {
        assumeTrue(Capabilities.probe().has(Capabilities.GROUP_SIGNAL_BY_PIDFD), "needs Linux 6.9");
    }

    private SpawnRequest sleeper() {
        return new SpawnRequest(
                Path.of("/bin/sleep"),
                List.of("sleeper", "1000"),
                Programs.ENVIRONMENT,
                directory,
                Programs.NOWHERE,
                Programs.NOWHERE);
    }

    private Failed fails(Path program, Stream output) {
        return (Failed) Spawn.spawn(
                new SpawnRequest(program, List.of("x", "-c", "true"), List.of(), directory, output, output));
    }

    private Path executable(String name, String content) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
