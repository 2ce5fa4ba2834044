package io.respawn.edges;

import io.respawn.model.InstanceId;
import io.respawn.supervise.OutputReader;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Output that a test writes, and which notes who follows it. */
public final class FakeOutput implements OutputReader {

    private final BroadcastProcessor<Entry> coming = BroadcastProcessor.create();
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** These lines are remembered, and nobody has asked for them yet. */
    public void remembers(Line... remembered) {
        lines.clear();
        lines.addAll(List.of(remembered));
        asked.clear();
    }

    public void comes(Entry entry) {
        coming.onNext(entry);
    }

    /** What was asked for, in order, such as {@code follow [web/0] 10} and {@code cancel}. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public List<Line> last(Collection<InstanceId> instances, int count) {
        asked.add("last " + instances + " " + count);
        return lines.stream()
                .filter(line -> instances.contains(line.instance()))
                .toList();
    }

    @Override
    public Multi<Entry> follow(Collection<InstanceId> instances, int count) {
        List<Entry> remembered = List.copyOf(lines);
        return Multi.createBy()
                .concatenating()
                .streams(Multi.createFrom().iterable(remembered), coming)
                .onSubscription()
                .invoke(() -> asked.add("follow " + instances + " " + count))
                .onCancellation()
                .invoke(() -> asked.add("cancel"));
    }
}
