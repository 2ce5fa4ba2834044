package io.respawn.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program whose start hangs in the kernel, as on a file server that does not answer: a helper asks by fanotify to be asked
 * before the file is executed, and never answers. That takes root, Python 3 and a kernel with
 * {@code CONFIG_FANOTIFY_ACCESS_PERMISSIONS}.
 */
final class HeldExec implements AutoCloseable {

    private static final String HELPER = """
            import ctypes, os, sys, struct
            libc = ctypes.CDLL(None, use_errno=True)
            FAN_CLASS_CONTENT, FAN_CLOEXEC, FAN_MARK_ADD, FAN_OPEN_EXEC_PERM = 4, 1, 1, 0x40000
            fd = libc.fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, os.O_RDONLY)
            if fd < 0:
                sys.exit("fanotify_init: " + os.strerror(ctypes.get_errno()))
            libc.fanotify_mark.argtypes = [ctypes.c_int, ctypes.c_uint, ctypes.c_uint64, ctypes.c_int, ctypes.c_char_p]
            if libc.fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN_EXEC_PERM, -100, sys.argv[1].encode()) < 0:
                sys.exit("fanotify_mark: " + os.strerror(ctypes.get_errno()))
            print("holds", flush=True)
            # Closing the descriptor, at the end, allows whatever waits.
            asked = os.read(fd, 4096)
            print("asked", flush=True)
            sys.stdin.read()
            """;

    private final Path program;
    private final Process helper;
    private final BufferedReader said;

    /** Begins to hold. */
    HeldExec(Path folder) {
        program = folder.resolve("held");
        try {
            Files.copy(Path.of("/bin/sleep"), program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path script = Files.writeString(folder.resolve("hold-exec.py"), HELPER);
            helper = new ProcessBuilder(List.of("python3", script.toString(), program.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            said = helper.inputReader();
            await("holds");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot hold the start of a program", e);
        }
    }

    Path program() {
        return program;
    }

    /** Waits until somebody hangs in its start. */
    void awaitCaught() throws IOException {
        await("asked");
    }

    private void await(String word) throws IOException {
        String line = said.readLine();
        if (!word.equals(line)) {
            throw new IllegalStateException("Cannot see '" + word + "' of the helper, it said " + line);
        }
    }

    @Override
    public void close() {
        letGo();
    }

    /** What hangs goes on, and nothing hangs any more. */
    void letGo() {
        helper.destroyForcibly();
        try {
            if (!helper.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Cannot see the end of the helper");
            }
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }
}
