package io.respawn.linux;

import static io.respawn.linux.libc.Spawn.POSIX_SPAWN_SETSID;
import static io.respawn.linux.libc.Spawn.POSIX_SPAWN_SETSIGDEF;
import static io.respawn.linux.libc.Spawn.POSIX_SPAWN_SETSIGMASK;

import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Spawned;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.linux.libc.Processes;
import io.respawn.linux.libc.Signal;
import io.respawn.linux.libc.Spawn.spawn_call;
import io.respawn.linux.libc.Spawn.spawn_plan;
import io.respawn.linux.libc.Syscall;
import io.respawn.linux.libc.Unistd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Starts processes with a clean beginning: an own session, no signal blocked or ignored, nothing on standard input, only
 * descriptors 0 to 2 open.
 *
 * <p>The calling thread waits until the program is loaded, which a hung file system can delay without limit: so not on a
 * loop's thread.
 */
public final class Spawn {

    /** All but KILL, STOP and the two that the C library keeps for itself: those cannot be set. */
    private static final long RESETTABLE = ~(bit(9) | bit(19) | bit(32) | bit(33));

    private Spawn() {}

    /** Starts a process whose pid nobody needs to know before it may be swept up as an orphan. */
    public static SpawnResult spawn(SpawnRequest request) {
        return spawn(request, spawned -> {});
    }

    /** Starts a process and registers it before any orphan sweep can take its end for a stranger's. */
    public static SpawnResult spawn(SpawnRequest request, Consumer<Spawned> register) {
        return request.setup().isEmpty()
                ? spawn(request, register, Optional.empty(), spawn_call::make)
                : prepared(request, register, thread -> {});
    }

    /** The same, for whoever starts many; what the child inherits as an open descriptor is started without the launchpad. */
    public static SpawnResult spawn(SpawnRequest request, Consumer<Spawned> register, Launchpad launchpad) {
        if (!request.setup().isEmpty()) {
            try {
                return prepared(request, register, launchpad::elsewhere);
            } finally {
                launchpad.elsewhere(null);
            }
        }
        boolean named = Streams.isOpenedByChild(request.output()) && Streams.isOpenedByChild(request.errors());
        return spawn(request, register, Optional.empty(), named ? launchpad::make : spawn_call::make);
    }

    private static SpawnResult prepared(SpawnRequest request, Consumer<Spawned> register, Consumer<HalfBorn> standsIn) {
        try (var preparation = new Preparation(request, standsIn)) {
            return spawn(request, register, Optional.of(preparation), preparation::make);
        }
    }

    private static SpawnResult spawn(
            SpawnRequest request,
            Consumer<Spawned> register,
            Optional<Preparation> preparation,
            ToIntFunction<spawn_call> caller) {
        Threads.requirePlatform("start a process");
        Optional<Failed> unusable = checkWorkingDirectory(request.workingDirectory());
        if (unusable.isPresent()) {
            return unusable.get();
        }
        List<Descriptor> opened = new ArrayList<>();
        Children.BEING_BORN.lock();
        try {
            int output = Streams.source(request.output(), opened);
            int errors = output < 0 ? output : Streams.source(request.errors(), opened);
            if (errors < 0) {
                return outputFailed(request, Errno.of(errors));
            }
            SpawnResult result = start(request, new int[] {output, errors}, preparation, caller);
            if (result instanceof Spawned spawned) {
                register(spawned, register);
            }
            return result;
        } finally {
            Children.BEING_BORN.unlock();
            opened.forEach(Descriptor::close);
        }
    }

    /** A process that nobody could write down must not run. */
    private static void register(Spawned spawned, Consumer<Spawned> register) {
        try {
            register.accept(spawned);
        } catch (RuntimeException | Error thrown) {
            spawned.pidfd().close();
            killAndReap(spawned.pid());
            throw thrown;
        }
    }

    /** Takes a start back that nobody wants any more. */
    public static void withdraw(Spawned unwanted) {
        unwanted.pidfd().close();
        killAndReap(unwanted.pid());
    }

    private static SpawnResult start(
            SpawnRequest request, int[] sources, Optional<Preparation> preparation, ToIntFunction<spawn_call> caller) {
        try (var plan = new spawn_plan()) {
            plan.setflags(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
            plan.setsigmask(0);
            plan.setsigdefault(RESETTABLE);
            plan.addopen(0, "/dev/null", Unistd.O_RDONLY, 0);
            boolean handed = request.setup().hasIdentity();
            Streams.attach(plan, request.output(), sources[0], 1, handed);
            Streams.attach(plan, request.errors(), sources[1], 2, handed);
            plan.addchdir_np(request.workingDirectory().toString());
            closeTheRest(plan, preparation.map(setup -> setup.attach(plan)).orElse(3));
            int error = plan.posix_spawn(
                    preparation
                            .map(Preparation::program)
                            .orElseGet(() -> request.executable().toString()),
                    preparation.map(Preparation::arguments).orElseGet(request::arguments),
                    request.environment(),
                    caller);
            if (error != 0) {
                var errno = new Errno(error);
                return preparation.flatMap(setup -> setup.refusal(errno)).orElseGet(() -> failed(request, errno));
            }
            SpawnResult result = held(plan.pid(), request);
            return result instanceof Spawned spawned
                    ? preparation
                            .<SpawnResult>map(setup -> completed(setup, spawned))
                            .orElse(result)
                    : result;
        }
    }

    /** A process that does not get what was asked for must not run. */
    private static SpawnResult completed(Preparation preparation, Spawned spawned) {
        try {
            Optional<Failed> refused = preparation.complete(spawned.pid());
            refused.ifPresent(ignored -> withdraw(spawned));
            return refused.isPresent() ? refused.get() : spawned;
        } catch (RuntimeException | Error thrown) {
            withdraw(spawned);
            throw thrown;
        }
    }

    /** A child that nobody could write down, as for want of memory, must not run. */
    private static SpawnResult held(int pid, SpawnRequest request) {
        try {
            return identify(pid, request);
        } catch (RuntimeException | Error thrown) {
            killAndReap(pid);
            throw thrown;
        }
    }

    private static void closeTheRest(spawn_plan plan, int first) {
        if (io.respawn.linux.libc.Spawn.has_addclosefrom_np()) {
            plan.addclosefrom_np(first);
        } else {
            int result = Syscall.close_range(3, -1, Unistd.CLOSE_RANGE_CLOEXEC);
            LinuxException.checked(result, "close_range", "keep descriptors from children");
        }
    }

    /** The child is ours and unreaped, so its number cannot have come back. */
    private static SpawnResult identify(int pid, SpawnRequest request) {
        int error;
        try {
            Optional<Pidfd> pidfd = Pidfd.open(pid);
            Optional<ProcessStat> stat = ProcFs.stat(pid);
            if (pidfd.isPresent() && stat.isPresent()) {
                return new Spawned(pid, pidfd.get(), stat.get().startTicks());
            }
            pidfd.ifPresent(Pidfd::close);
            error = Errno.ESRCH.number();
        } catch (LinuxException failed) {
            error = failed.errno().number();
        }
        return withdraw(pid, request, new Errno(error));
    }

    /** A process that cannot be told from a later one could become a second copy: better none. */
    private static Failed withdraw(int pid, SpawnRequest request, Errno errno) {
        killAndReap(pid);
        return new Failed(
                stage(errno),
                errno,
                "Cannot hold the process of " + request.executable() + " after its start: " + errno
                        + (errno.isShortage() ? errno.remedy() : "; check /proc, and that SIGCHLD is not ignored"));
    }

    private static void killAndReap(int pid) {
        // It leads a session of its own since its birth, so the group is it and what it has started.
        Signal.kill(-pid, Signals.SIGKILL);
        try {
            Processes.waitid(Processes.P_PID, pid, Processes.WEXITED);
        } catch (OutOfMemoryError unreaped) {
            // Nobody knows it, so the next sweep takes it for an orphan and reaps it.
            Thread.onSpinWait();
        }
    }

    private static Optional<Failed> checkWorkingDirectory(Path directory) {
        int fd = Unistd.open(directory.toString(), Unistd.O_PATH | Unistd.O_DIRECTORY | Unistd.O_CLOEXEC, 0);
        int result = fd;
        if (fd >= 0) {
            Unistd.close(fd);
            result = Unistd.access(directory.toString(), Unistd.X_OK);
        }
        if (result >= 0) {
            return Optional.empty();
        }
        Errno errno = Errno.of(result);
        String words = "Cannot start in the working directory " + directory + ": " + errno + errno.remedy();
        return Optional.of(new Failed(errno.isShortage() ? Stage.RESOURCES : Stage.WORKING_DIRECTORY, errno, words));
    }

    private static Failed outputFailed(SpawnRequest request, Errno errno) {
        String words = "Cannot open the output of " + request.executable() + " (" + request.output() + ", "
                + request.errors() + "): " + errno + errno.remedy();
        return new Failed(errno.isShortage() ? Stage.RESOURCES : Stage.OUTPUT, errno, words);
    }

    private static Failed failed(SpawnRequest request, Errno errno) {
        // The directory may have gone since it was checked; both would be ENOENT.
        Optional<Failed> directory = checkWorkingDirectory(request.workingDirectory());
        if (directory.isPresent()) {
            return directory.get();
        }
        if (Streams.isGone(request.output()) || Streams.isGone(request.errors())) {
            return outputFailed(request, errno);
        }
        String hint = errno.remedy();
        if (errno.equals(Errno.ENOENT) && Unistd.access(request.executable().toString(), 0) == 0) {
            hint = "; the file is there, so its interpreter (the #! line or the dynamic loader) is missing";
        } else if (errno.equals(Errno.EACCES)) {
            hint = "; allow this user to execute it, on a file system mounted without noexec";
        }
        return new Failed(stage(errno), errno, "Cannot start " + request.executable() + ": " + errno + hint);
    }

    private static Stage stage(Errno errno) {
        if (errno.equals(Errno.ENOENT)
                || errno.equals(Errno.ENOEXEC)
                || errno.equals(Errno.ENOTDIR)
                || errno.equals(Errno.ELOOP)) {
            return Stage.EXECUTABLE;
        }
        if (errno.equals(Errno.EACCES) || errno.equals(Errno.EPERM)) {
            return Stage.PERMISSION;
        }
        return errno.isShortage() ? Stage.RESOURCES : Stage.OTHER;
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
