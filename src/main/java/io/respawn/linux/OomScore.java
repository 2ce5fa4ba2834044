package io.respawn.linux;

import java.util.Optional;

/** Sets how much rather than others a process is ended when memory runs out. */
final class OomScore {

    private OomScore() {}

    /** Sets it; says why it could not. */
    static Optional<Errno> set(int pid, int score) {
        return SmallFile.write("/proc/" + pid + "/oom_score_adj", Integer.toString(score));
    }
}
