package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToIntFunction;

/** Starting processes: {@code spawn.h}. Its functions return the error number themselves and leave errno alone. */
public final class Spawn {

    public static final int POSIX_SPAWN_SETSIGDEF = 4;
    public static final int POSIX_SPAWN_SETSIGMASK = 8;
    public static final int POSIX_SPAWN_SETSID = 0x80;

    /** Room for either C library's structure: glibc has 336 and 80 bytes, musl the same or less. */
    static final long sizeof_posix_spawnattr_t = 512;

    static final long sizeof_posix_spawn_file_actions_t = 256;

    private static final MemorySegment POSIX_SPAWN = Downcall.symbol("posix_spawn");
    private static final MemorySegment ATTR_INIT = Downcall.symbol("posix_spawnattr_init");
    private static final MemorySegment ATTR_DESTROY = Downcall.symbol("posix_spawnattr_destroy");
    private static final MemorySegment ATTR_SETFLAGS = Downcall.symbol("posix_spawnattr_setflags");
    private static final MemorySegment ATTR_SETSIGMASK = Downcall.symbol("posix_spawnattr_setsigmask");
    private static final MemorySegment ATTR_SETSIGDEFAULT = Downcall.symbol("posix_spawnattr_setsigdefault");
    private static final MemorySegment ACTIONS_INIT = Downcall.symbol("posix_spawn_file_actions_init");
    private static final MemorySegment ACTIONS_DESTROY = Downcall.symbol("posix_spawn_file_actions_destroy");
    private static final MemorySegment ACTIONS_ADDOPEN = Downcall.symbol("posix_spawn_file_actions_addopen");
    private static final MemorySegment ACTIONS_ADDDUP2 = Downcall.symbol("posix_spawn_file_actions_adddup2");
    private static final MemorySegment ACTIONS_ADDCHDIR = Downcall.symbol("posix_spawn_file_actions_addchdir_np");
    private static final MemorySegment ACTIONS_ADDCLOSEFROM =
            Downcall.symbolOrNull("posix_spawn_file_actions_addclosefrom_np");

    /** A call that is ready to be made, by any thread while its plan is open: nothing but addresses. */
    public record spawn_call(long pid, long path, long actions, long attributes, long arguments, long environment) {

        /** Makes it; says the error number, 0 for none. Nothing is allocated after it, so no child is lost for want of memory. */
        public int make() {
            return Downcall.ints(POSIX_SPAWN, pid, path, actions, attributes, arguments, environment);
        }

        /** The child of a call without an error, for the thread that made it. */
        @SuppressWarnings("restricted")
        public int child() {
            return MemorySegment.ofAddress(pid).reinterpret(JAVA_INT.byteSize()).get(JAVA_INT, 0);
        }
    }

    /** The attributes and file actions of one spawn; close it after the call. */
    public static final class spawn_plan implements AutoCloseable {
        private final Memory memory = new Memory();
        private final MemorySegment attributes = memory.allocate(sizeof_posix_spawnattr_t);
        private final MemorySegment actions = memory.allocate(sizeof_posix_spawn_file_actions_t);
        private final MemorySegment pid = memory.allocate(JAVA_INT);

        /** Begins with no attribute and no action. */
        public spawn_plan() {
            check(Downcall.ints(ATTR_INIT, attributes.address(), 0, 0), "posix_spawnattr_init");
            check(Downcall.ints(ACTIONS_INIT, actions.address(), 0, 0), "posix_spawn_file_actions_init");
        }

        public void setflags(int flags) {
            check(Downcall.ints(ATTR_SETFLAGS, attributes.address(), flags, 0), "posix_spawnattr_setflags");
        }

        public void setsigmask(long set) {
            long mask = Signal.sigset(memory, set).address();
            check(Downcall.ints(ATTR_SETSIGMASK, attributes.address(), mask, 0), "posix_spawnattr_setsigmask");
        }

        public void setsigdefault(long set) {
            long signals = Signal.sigset(memory, set).address();
            check(Downcall.ints(ATTR_SETSIGDEFAULT, attributes.address(), signals, 0), "posix_spawnattr_setsigdefault");
        }

        public void addopen(int fd, String path, int flags, int mode) {
            long file = memory.string(path).address();
            check(Downcall.ints(ACTIONS_ADDOPEN, actions.address(), fd, file, flags, mode, 0), "addopen");
        }

        public void adddup2(int from, int to) {
            check(Downcall.ints(ACTIONS_ADDDUP2, actions.address(), from, to), "adddup2");
        }

        public void addchdir_np(String path) {
            check(
                    Downcall.ints(
                            ACTIONS_ADDCHDIR,
                            actions.address(),
                            memory.string(path).address(),
                            0),
                    "addchdir_np");
        }

        public void addclosefrom_np(int first) {
            check(Downcall.ints(ACTIONS_ADDCLOSEFROM, actions.address(), first, 0), "addclosefrom_np");
        }

        /**
         * <a href="https://man7.org/linux/man-pages/man3/posix_spawn.3.html">posix_spawn(3)</a>: the error number, 0 for
         * none; {@code caller} makes the call.
         */
        public int posix_spawn(
                String path, List<String> arguments, List<String> environment, ToIntFunction<spawn_call> caller) {
            return caller.applyAsInt(new spawn_call(
                    pid.address(),
                    memory.string(path).address(),
                    actions.address(),
                    attributes.address(),
                    memory.strings(arguments).address(),
                    memory.strings(environment).address()));
        }

        /** The child of a call without an error. */
        public int pid() {
            return pid.get(JAVA_INT, 0);
        }

        @Override
        public void close() {
            Downcall.ints(ACTIONS_DESTROY, actions.address(), 0, 0);
            Downcall.ints(ATTR_DESTROY, attributes.address(), 0, 0);
            memory.close();
        }

        private static void check(int error, String call) {
            if (error != 0) {
                throw new IllegalArgumentException("Cannot prepare a spawn: " + call + " returned error " + error);
            }
        }
    }

    private Spawn() {}

    /** Whether this C library can close a child's further descriptors by itself (glibc 2.34). */
    public static boolean has_addclosefrom_np() {
        return !ACTIONS_ADDCLOSEFROM.equals(MemorySegment.NULL);
    }
}
