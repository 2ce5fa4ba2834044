package io.respawn.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** A Linux signal that Respawn sends by name; the numbers are those of x86_64 and aarch64. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    ABRT(6),
    KILL(9),
    USR1(10),
    USR2(12),
    TERM(15),
    CONT(18),
    STOP(19),
    WINCH(28);

    /** What a command may send unless the service says otherwise. */
    public static final List<Signal> ALLOWED_BY_DEFAULT = List.of(HUP, INT, TERM, USR1, USR2);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Reads {@code SIGTERM}, {@code TERM} or {@code term}; empty when there is no such signal here. */
    public static Optional<Signal> parse(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        for (Signal signal : values()) {
            if (signal.name().equals(name)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }

    /** The number of any signal with a name here, those included that are never sent; empty for another word. */
    public static OptionalInt numberOf(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper : "SIG" + upper;
        for (int number = 1; number < 32; number++) {
            if (describe(number).equals(name)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }

    /** The words for a signal number from the kernel, {@code SIGKILL} or {@code signal 35}. */
    public static String describe(int number) {
        for (Signal signal : values()) {
            if (signal.number == number) {
                return signal.toString();
            }
        }
        return switch (number) {
            case 4 -> "SIGILL";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 11 -> "SIGSEGV";
            case 13 -> "SIGPIPE";
            case 14 -> "SIGALRM";
            case 24 -> "SIGXCPU";
            case 25 -> "SIGXFSZ";
            case 31 -> "SIGSYS";
            default -> "signal " + number;
        };
    }

    @Override
    public String toString() {
        return "SIG" + name();
    }
}
