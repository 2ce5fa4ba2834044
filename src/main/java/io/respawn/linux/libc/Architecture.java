package io.respawn.linux.libc;

import java.util.Locale;

/** The processor architectures whose numbers and layouts are known. */
enum Architecture {
    X86_64,
    AARCH64;

    static final Architecture CURRENT = named(System.getProperty("os.arch"));

    static Architecture named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default ->
                throw new UnsupportedOperationException(
                        "Cannot call Linux on the architecture '" + name + "'; use x86_64 or aarch64");
        };
    }

    long pick(long x86, long arm) {
        return switch (this) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }
}
