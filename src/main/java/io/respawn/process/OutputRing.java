package io.respawn.process;

import java.util.ArrayDeque;
import java.util.List;

/** Remembers the last lines of an instance, bounded in number and in size. Thread-safe. */
final class OutputRing {

    private static final int CHARACTERS = 256 * 1024;

    private final int lines;
    private final ArrayDeque<OutputLine> ring = new ArrayDeque<>();
    private int characters;

    OutputRing(int lines) {
        this.lines = lines;
    }

    synchronized void add(OutputLine line) {
        ring.addLast(line);
        characters += line.text().length();
        while (ring.size() > lines || (characters > CHARACTERS && ring.size() > 1)) {
            characters -= ring.removeFirst().text().length();
        }
    }

    /** The last lines, the oldest first. */
    synchronized List<OutputLine> last(int count) {
        return ring.stream().skip(Math.max(0, ring.size() - count)).toList();
    }
}
