package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Remembers the last lines of an instance, bounded in number and in size, and wakes those who wait for more. Thread-safe. */
final class OutputRing {

    static final int LINES = 1000;

    /** With 2 bytes a character at most half a mebibyte; a single line may be longer than its share. */
    private static final int CHARACTERS = 256 * 1024;

    private static final int FIRST_LINES = 8;

    private final InstanceId instance;
    /** Grows with the lines: with many services, most have little to say. */
    private @Nullable Line[] slots = new @Nullable Line[FIRST_LINES];

    private final List<Runnable> waiting = new CopyOnWriteArrayList<>();

    /** Lines from {@code oldest} to before {@code next} are here. */
    private long oldest = 1;

    private long next = 1;
    private int characters;

    OutputRing(InstanceId instance) {
        this.instance = instance;
    }

    InstanceId instance() {
        return instance;
    }

    Line add(Instant at, Stream stream, String text, boolean cut) {
        Line line = put(at, stream, text, cut);
        waiting.forEach(Runnable::run);
        return line;
    }

    private synchronized Line put(Instant at, Stream stream, String text, boolean cut) {
        Line line = new Line(instance, next, at, stream, text, cut);
        characters += text.length();
        while (next - oldest >= LINES || (characters > CHARACTERS && oldest < next)) {
            forgetOldest();
        }
        if (next - oldest == slots.length) {
            grow();
        }
        slots[slot(next)] = line;
        next++;
        return line;
    }

    /** Takes in what another remembered, the oldest first, before any line of its own. */
    synchronized void goOn(List<Line> lines) {
        if (!lines.isEmpty()) {
            next = lines.getFirst().number();
            oldest = next;
            lines.forEach(line -> put(line.at(), line.stream(), line.text(), line.cut()));
        }
    }

    private void grow() {
        @Nullable Line[] more = new @Nullable Line[Math.min(2 * slots.length, LINES)];
        for (long number = oldest; number < next; number++) {
            more[(int) (number % more.length)] = slots[slot(number)];
        }
        slots = more;
    }

    private void forgetOldest() {
        int slot = slot(oldest);
        Line forgotten = slots[slot];
        characters -= forgotten == null ? 0 : forgotten.text().length();
        slots[slot] = null;
        oldest++;
    }

    /** The line with this number, or the oldest that is left if it is gone; nothing if it has not come yet. */
    synchronized @Nullable Line from(long number) {
        long wanted = Math.max(number, oldest);
        return wanted < next ? slots[slot(wanted)] : null;
    }

    /** The last lines, the oldest first. */
    synchronized List<Line> last(int count) {
        return LongStream.range(Math.max(oldest, next - count), next)
                .mapToObj(this::from)
                .flatMap(java.util.stream.Stream::ofNullable)
                .toList();
    }

    /** The number that the next line gets. */
    synchronized long next() {
        return next;
    }

    /** Calls back after every line, on the thread that adds it. */
    void wake(Runnable reader) {
        waiting.add(reader);
    }

    void forget(Runnable reader) {
        waiting.remove(reader);
    }

    private int slot(long number) {
        return (int) (number % slots.length);
    }
}
