package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.ReadyLine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Looks in the lines of one process for the one that says that it is up, and tells of it once. A pattern can be made so that
 * it takes for ever on some text: here it has so many steps a line, and a pattern that needs more again and again is given
 * up. For the reader's thread.
 */
final class LineWatch {

    /** Characters of a line that are looked at. */
    static final int LONGEST = 4096;

    /** Characters that a search may touch, going back and forth; some milliseconds at most. */
    private static final int STEPS = 1_000_000;

    private static final int PATIENCE = 10;

    private static final Logger LOG = System.getLogger(LineWatch.class.getName());

    private final InstanceId instance;
    private final Pattern pattern;
    private final Consumer<String> found;
    private int exhausted;
    private boolean over;

    /** {@code found} gets the line. */
    LineWatch(InstanceId instance, ReadyLine line, Consumer<String> found) {
        this.instance = instance;
        this.pattern = line.pattern();
        this.found = found;
    }

    void look(String line) {
        if (over) {
            return;
        }
        boolean matches;
        try {
            matches = pattern.matcher(new Steps(line.length() > LONGEST ? line.substring(0, LONGEST) : line, STEPS))
                    .find();
        } catch (TooManySteps | StackOverflowError tooMuch) {
            giveUpSometime();
            return;
        }
        if (matches) {
            over = true;
            found.accept(line);
        }
    }

    private void giveUpSometime() {
        exhausted++;
        if (exhausted >= PATIENCE) {
            over = true;
            LOG.log(
                    Level.ERROR,
                    "Cannot look for the ready-line of {0} any more: the pattern ''{1}'' takes too long on what it"
                            + " prints; write a simpler one",
                    instance,
                    pattern.pattern());
        }
    }

    /** Ends a search that goes on and on: there is no other way out of one. */
    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("Cannot search on", null, false, false);
        }
    }

    /** A text that can be touched so often. */
    private static final class Steps implements CharSequence {
        private final CharSequence text;
        private int left;

        Steps(CharSequence text, int left) {
            this.text = text;
            this.left = left;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Steps(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
