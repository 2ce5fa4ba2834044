package io.respawn.tidy;

import io.respawn.tidy.Tree.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What no text file of the project may contain, whatever its language. */
final class TextRules {

    /** A note for later that names no issue. Written in halves, or this file would be its own first finding. */
    private static final Pattern NOTE = Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b(?!\\s*\\(?#\\d+)");

    /** A folder that exists on one machine only. */
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.}/*-])/(?:wo" + "rk|ro" + "ot|ho" + "me)/\\w+");

    private final Tree tree;

    TextRules(Tree tree) {
        this.tree = tree;
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        for (var text : tree.texts()) {
            findings.addAll(matches(
                    text,
                    NOTE,
                    match -> "Cannot leave " + match + " without the number of an issue",
                    "write " + "TO" + "DO #123, or do it"));
            findings.addAll(matches(
                    text,
                    MACHINE_PATH,
                    match -> "Cannot name " + match + ", which exists on one machine",
                    "use a path below the project, or a variable"));
        }
        return findings;
    }

    static List<Finding> matches(Text text, Pattern pattern, UnaryOperator<String> what, String remedy) {
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < text.lines().size(); i++) {
            var matcher = pattern.matcher(text.lines().get(i));
            while (matcher.find()) {
                findings.add(new Finding(text.name(), i + 1, what.apply(matcher.group()), remedy));
            }
        }
        return findings;
    }
}
