package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what belongs to a whole process, in a second one: its mask from the start, its locks, its program. */
@Timeout(60)
class ProcessWideIT {

    @TempDir
    Path directory;

    private Optional<Process> started = Optional.empty();

    @AfterEach
    void endTheCompanion() throws Exception {
        if (started.isPresent()) {
            started.get().destroyForcibly().waitFor();
        }
    }

    private Process start(List<String> launcher, String... arguments) throws Exception {
        Process companion = Companion.start(launcher, arguments);
        started = Optional.of(companion);
        return companion;
    }

    @Test
    void readsSignalsAsDataWhenTheLauncherBlockedThem() throws Exception {
        // given
        Process companion = start(List.of("env", "--block-signal=TERM,USR1"), "signals");
        BufferedReader said = companion.inputReader();
        assertThat(said.readLine()).isEqualTo("blocked true");
        int sender = ProcFs.ownPid();

        // when
        try (Pidfd pidfd = Pidfd.open((int) companion.pid()).orElseThrow()) {
            pidfd.signal(Signals.SIGUSR1);
            assertThat(said.readLine()).isEqualTo("SIGUSR1 " + sender);
            pidfd.signal(Signals.SIGTERM);
        }

        // then
        assertThat(said.readLine()).isEqualTo("SIGTERM " + sender);
        assertThat(companion.waitFor()).isZero();
    }

    @Test
    void letsOneProcessHaveALock() throws Exception {
        // given
        Path file = directory.resolve("lock");
        Process companion = start(List.of(), "lock", file.toString());
        assertThat(companion.inputReader().readLine()).isEqualTo("locked");

        // when
        Optional<FileLock.Lock> refused = FileLock.tryLock(file);

        // then
        assertThat(refused).isEmpty();
        assertThat(file).hasContent(Long.toString(companion.pid()));
        companion.destroyForcibly().waitFor();
        Optional<FileLock.Lock> free = FileLock.tryLock(file);
        assertThat(free).isPresent();
        assertThat(file).hasContent(Integer.toString(ProcFs.ownPid()));
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        free.orElseThrow().close();
    }

    @Test
    void refusesALockThatIsASymbolicLink() throws Exception {
        // given
        Path target = Files.createFile(directory.resolve("target"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);

        // when // then
        assertThatThrownBy(() -> FileLock.tryLock(link))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.ELOOP))
                .hasMessageStartingWith("Cannot open the lock file " + link);
    }

    @Test
    void becomesAnotherProgramAndKeepsWhatItNames() throws Exception {
        // given
        Path missing = directory.resolve("missing");
        Path lockFile = directory.resolve("lock");
        Process companion = start(List.of(), "exec", missing.toString(), lockFile.toString());
        BufferedReader said = companion.inputReader();

        // when
        String failure = said.readLine();
        String mask = said.readLine();
        waitForShell(companion);
        Optional<FileLock.Lock> lock = FileLock.tryLock(lockFile);
        var descriptors = Programs.descriptors((int) companion.pid());
        companion.outputWriter().append("go\n").flush();

        // then: same pid, the bytes of the memory file, descriptors 0 to 2 and the two kept
        assertThat(failure).isEqualTo("ENOENT");
        assertThat(mask).isEqualTo("mask false");
        assertThat(lock).isEmpty();
        assertThat(descriptors).hasSize(5).containsKeys("0", "1", "2").containsValues(lockFile.toString());
        assertThat(said.readLine()).isEqualTo(companion.pid() + " kept");
        assertThat(said.readLine())
                .isEqualTo("SigBlk:\t" + String.format("%016x", Signals.bits(Set.of(Signals.SIGUSR2))));
    }

    private static void waitForShell(Process companion) {
        await().until(() -> ProcFs.commandLine((int) companion.pid())
                .orElse(List.of("?"))
                .getFirst()
                .equals("sh"));
    }
}
