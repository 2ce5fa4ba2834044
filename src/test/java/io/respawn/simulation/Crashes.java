package io.respawn.simulation;

import io.respawn.simulation.IntentDeath.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Says at each instant at which a sidecar can die whether it does. */
final class Crashes {

    /** So many instants a crash waits for the point that it is aimed at. */
    private static final int PATIENCE = 40;

    private static final List<Point> RARE =
            List.of(Point.BEGUN, Point.SPAWNED, Point.NOTED, Point.COMMITTED, Point.KEPT);

    /** One crash: at any instant after a step, or at the next one of a kind. */
    private static final class Aim {
        private final long step;
        private final Optional<Point> point;
        private int delay;

        private Aim(long step, Optional<Point> point, int delay) {
            this.step = step;
            this.point = point;
            this.delay = delay;
        }

        private boolean hits(Point now) {
            return delay-- == 0 || point.equals(Optional.of(now));
        }
    }

    private final List<Aim> aims;
    private final long only;
    private int done;
    private long instants;

    private Crashes(List<Aim> aims, long only) {
        this.aims = aims;
        this.only = only;
    }

    /** None; it only counts how many instants there are. */
    static Crashes none() {
        return new Crashes(List.of(), 0);
    }

    /** One, exactly at this instant, counted from 1. */
    static Crashes at(long instant) {
        return new Crashes(List.of(), instant);
    }

    /** One to three, each at any instant of any of so many steps. */
    static Crashes random(long seed, int most) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Aim> aims = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            long step = random.nextLong(1, most + 1L);
            boolean aimed = random.nextInt(3) == 0;
            aims.add(
                    aimed
                            ? new Aim(step, Optional.of(RARE.get(random.nextInt(RARE.size()))), PATIENCE)
                            : new Aim(step, Optional.empty(), random.nextInt(5)));
        }
        aims.sort(Comparator.comparingLong(aim -> aim.step));
        return new Crashes(aims, 0);
    }

    /** Passes an instant of this step. */
    boolean now(long step, Point point) {
        instants++;
        if (only > 0) {
            done = instants >= only ? 1 : 0;
            return instants == only;
        }
        if (done < aims.size() && step >= aims.get(done).step && aims.get(done).hits(point)) {
            done++;
            return true;
        }
        return false;
    }

    /** Whether there will be no more. */
    boolean areOver() {
        return only > 0 ? done > 0 : done == aims.size();
    }

    long instants() {
        return instants;
    }
}
