package io.respawn.process;

import java.util.regex.Pattern;

/**
 * Looks for a pattern in the beginning of a line, and not for ever: a pattern can be made so that it takes more steps than
 * anybody can wait for. For one thread.
 */
final class BoundedSearch {

    /** Characters of a line that are looked at. */
    static final int LONGEST = 4096;

    private final Pattern pattern;
    private final int steps;

    /** What came of it. */
    enum Result {
        FOUND,
        NOT_FOUND,
        /** It took too long, so nobody knows. */
        GIVEN_UP
    }

    /** {@code steps} are characters that a search may touch, going back and forth. */
    BoundedSearch(Pattern pattern, int steps) {
        this.pattern = pattern;
        this.steps = steps;
    }

    Result in(String line) {
        String head = line.length() > LONGEST ? line.substring(0, LONGEST) : line;
        try {
            return pattern.matcher(new Steps(head, steps)).find() ? Result.FOUND : Result.NOT_FOUND;
        } catch (TooManySteps | StackOverflowError tooMuch) {
            return Result.GIVEN_UP;
        }
    }

    @Override
    public String toString() {
        return pattern.pattern();
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
