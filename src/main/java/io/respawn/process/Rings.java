package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.supervise.OutputReader;
import io.smallrye.mutiny.Multi;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The last lines of all instances. Thread-safe. */
final class Rings implements OutputReader {

    private final Map<InstanceId, OutputRing> rings = new ConcurrentHashMap<>();

    OutputRing of(InstanceId instance) {
        return rings.computeIfAbsent(instance, OutputRing::new);
    }

    /** Of each instance the last lines. */
    List<Line> kept(int most) {
        return rings.values().stream().flatMap(ring -> ring.last(most).stream()).toList();
    }

    /** Goes on with what another kept. */
    void goOn(List<Line> lines) {
        Map<InstanceId, List<Line>> each = lines.stream().collect(Collectors.groupingBy(Line::instance));
        each.forEach((instance, its) -> of(instance).goOn(its));
    }

    @Override
    public List<Line> last(Collection<InstanceId> instances, int count) {
        return last(instances.stream().map(this::of).toList(), count);
    }

    static List<Line> last(List<OutputRing> rings, int count) {
        List<Line> all = rings.stream()
                .flatMap(ring -> ring.last(count).stream())
                .sorted(Comparator.comparing(Line::at))
                .toList();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    @Override
    public Multi<Entry> follow(Collection<InstanceId> instances, int count) {
        List<OutputRing> followed = instances.stream().map(this::of).toList();
        return Multi.createFrom().publisher(subscriber -> Follower.begin(followed, count, subscriber));
    }
}
