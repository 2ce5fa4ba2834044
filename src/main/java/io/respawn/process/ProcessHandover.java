package io.respawn.process;

import io.respawn.linux.Waiter;
import io.respawn.model.InstanceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Brings processes to rest before this process becomes another image, and takes up what is left of the one before. */
public final class ProcessHandover {

    private final Spawner spawner;
    private final Burials burials;
    private final Sweeper sweeper;
    private final Mains mains;
    private final Map<ChildKey, Tags> ordered;

    ProcessHandover(Spawner spawner, Burials burials, Sweeper sweeper, Mains mains, Map<ChildKey, Tags> ordered) {
        this.spawner = spawner;
        this.burials = burials;
        this.sweeper = sweeper;
        this.mains = mains;
        this.ordered = ordered;
    }

    /**
     * Has no start begin until {@link #goOnStarting}; false, and nothing is changed, if one that is under way takes longer
     * than this. From any thread, like its end.
     */
    public boolean pauseStarts(Duration longest) throws InterruptedException {
        return spawner.pause(longest);
    }

    /** There is no other image after all. */
    public void goOnStarting() {
        spawner.goOn();
    }

    /** Tells of all exits at once that were seen, with what is known of them. This and the rest on the loop's thread. */
    public void tellExits() {
        burials.finishAll();
    }

    /** The starts that are ordered and have not begun, while they are paused. */
    public List<KeptStart> keptStarts() {
        return ordered.values().stream()
                .map(tags -> new KeptStart(tags.instance(), tags.incarnation(), tags.intent()))
                .toList();
    }

    /** The holds on those that are not our children; those stay ours, and wait to be reaped. */
    public List<KeptHold> keptHolds() {
        return mains.present().stream()
                .filter(main -> Waiter.peek(main.pidfd()) instanceof Waiter.Answer.NotOurChild)
                .map(main -> new KeptHold(
                        main.instance(), main.tags().incarnation(), main.pidfd().fd()))
                .toList();
    }

    /** Ends the commands that the image before ran for services; {@code spared} are those whose commands go on. */
    public void endHelpers(Predicate<InstanceId> spared) {
        sweeper.endHelpers(spared);
    }
}
