package io.respawn.system;

import java.io.IOException;
import java.nio.file.Path;

/** An agent within the sidecar's virtual machine that takes a part of the heap from the start and keeps it, as a leak would. */
public final class HeapFiller {

    private static final int MIB = 1 << 20;

    private static Object[] taken;

    private HeapFiller() {}

    /** The argument says how many MiB. */
    public static void premain(String argument) {
        for (int i = 0; i < Integer.parseInt(argument); i++) {
            taken = new Object[] {taken, new byte[MIB]};
        }
        System.gc();
    }

    /** Packs this class as an agent; answers with the option for the virtual machine. */
    static String option(Path folder, int mebibytes) throws IOException {
        return "-javaagent:" + AgentJar.pack(folder, HeapFiller.class) + "=" + mebibytes;
    }
}
