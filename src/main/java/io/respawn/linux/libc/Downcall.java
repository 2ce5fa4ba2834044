package io.respawn.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Calls any C function through the one shape (address and six longs to long) with errno captured.
 *
 * <p>One shape serves all: integers and pointers travel in the same registers on x86_64 and aarch64, surplus arguments
 * are not looked at, and each further shape would cost about five milliseconds at start and a line of registration in a
 * native executable.
 */
@SuppressWarnings("restricted")
final class Downcall {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    /** One capture buffer a thread, as errno belongs to the thread. */
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private Downcall() {}

    static MemorySegment symbol(String name) {
        return SYMBOLS.find(name)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "Cannot find the function '" + name + "' in the C library; use glibc 2.34 or newer"));
    }

    static MemorySegment symbolOrNull(String name) {
        return SYMBOLS.find(name).orElse(MemorySegment.NULL);
    }

    /** Calls a function that returns an {@code int}: the upper half of the register is rubbish and is cut off. */
    static int ints(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        MemorySegment captured = CAPTURED.get();
        int result = (int) invoke(function, captured, a, b, c, d, e, f);
        return result == -1 ? -captured.get(JAVA_INT, 0) : result;
    }

    /** Calls a function that returns a {@code long} or {@code ssize_t}. */
    static long longs(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        MemorySegment captured = CAPTURED.get();
        long result = invoke(function, captured, a, b, c, d, e, f);
        return result == -1 ? -captured.get(JAVA_INT, 0) : result;
    }

    static int ints(MemorySegment function, long a, long b, long c) {
        return ints(function, a, b, c, 0, 0, 0);
    }

    private static long invoke(
            MemorySegment function, MemorySegment captured, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function, captured, a, b, c, d, e, f);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError("Cannot happen: a downcall has no checked exceptions", impossible);
        }
    }
}
