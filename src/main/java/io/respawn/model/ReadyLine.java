package io.respawn.model;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How the line looks by which a service says that it is up.
 *
 * @param regex a pattern of {@link Pattern}, looked for anywhere in the line
 */
public record ReadyLine(String regex) {

    private static final int LONGEST = 512;

    public ReadyLine {
        if (regex.isEmpty() || regex.length() > LONGEST) {
            throw new IllegalArgumentException("Cannot look for the line '" + Text.shown(regex)
                    + "': a pattern of 1 to " + LONGEST + " characters is expected");
        }
        compile(regex);
    }

    public Pattern pattern() {
        return compile(regex);
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "Cannot understand the pattern '" + Text.shown(regex) + "': " + Text.bounded(wrong.getDescription())
                            + " at character " + (wrong.getIndex() + 1),
                    wrong);
        } catch (StackOverflowError tooDeep) {
            throw new IllegalArgumentException(
                    "Cannot understand the pattern '" + Text.shown(regex) + "': it is nested too deeply", tooDeep);
        }
    }
}
