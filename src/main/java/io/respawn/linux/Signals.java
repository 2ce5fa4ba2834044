package io.respawn.linux;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Names the signals; the numbers are the same on x86_64 and aarch64. */
public final class Signals {

    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGUSR2 = 12;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    /** The highest signal of the kernel. */
    static final int LAST = 64;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(16, "SIGSTKFLT"),
            Map.entry(17, "SIGCHLD"),
            Map.entry(18, "SIGCONT"),
            Map.entry(19, "SIGSTOP"),
            Map.entry(20, "SIGTSTP"),
            Map.entry(21, "SIGTTIN"),
            Map.entry(22, "SIGTTOU"),
            Map.entry(23, "SIGURG"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(26, "SIGVTALRM"),
            Map.entry(27, "SIGPROF"),
            Map.entry(28, "SIGWINCH"),
            Map.entry(29, "SIGIO"),
            Map.entry(30, "SIGPWR"),
            Map.entry(31, "SIGSYS"));

    private static final Map<String, Integer> NUMBERS =
            NAMES.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private Signals() {}

    /** The name with SIG in front, or {@code SIG<number>} for a real-time signal. */
    public static String name(int signal) {
        return NAMES.getOrDefault(signal, "SIG" + signal);
    }

    /** The number of a name, with or without SIG in front, in any case; empty if there is none. */
    public static OptionalInt number(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        Integer number = NUMBERS.get(upper.startsWith("SIG") ? upper : "SIG" + upper);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** The kernel's form of a set: bit n-1 for signal n. */
    static long bits(Set<Integer> signals) {
        long bits = 0;
        for (int signal : signals) {
            if (signal < 1 || signal > LAST) {
                throw new IllegalArgumentException(
                        "Cannot use " + signal + " as a signal; it must be from 1 to " + LAST);
            }
            bits |= 1L << (signal - 1);
        }
        return bits;
    }

    static Set<Integer> set(long bits) {
        Set<Integer> signals = new TreeSet<>();
        for (int signal = 1; signal <= LAST; signal++) {
            if ((bits & (1L << (signal - 1))) != 0) {
                signals.add(signal);
            }
        }
        return signals;
    }
}
