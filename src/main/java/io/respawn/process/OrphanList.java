package io.respawn.process;

import io.respawn.linux.ProcFs;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the processes that came to us because their parents died, by one short file.
 *
 * <p>The kernel hands orphans to the first thread of a subreaper, while what a thread of the JVM starts hangs on that thread.
 * So the list of the first thread is all there is to look at after an exit, however many processes the machine has.
 */
final class OrphanList {

    private final String file = "/proc/self/task/" + ProcFs.ownPid() + "/children";

    /** Orphans, ended ones included; possibly other children too, but never fewer than all orphans that stay. */
    List<Integer> pids() {
        byte[] list;
        try (var stream = new FileInputStream(file)) {
            list = stream.readAllBytes();
        } catch (IOException kernelWithoutTheList) {
            return ProcFs.ownChildren();
        }
        List<Integer> pids = new ArrayList<>();
        int pid = 0;
        for (byte character : list) {
            if (Character.isDigit(character)) {
                pid = pid * 10 + (character - '0');
            } else if (pid > 0) {
                pids.add(pid);
                pid = 0;
            }
        }
        if (pid > 0) {
            pids.add(pid);
        }
        return pids;
    }
}
