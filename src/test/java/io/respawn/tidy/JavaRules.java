package io.respawn.tidy;

import io.respawn.tidy.Tree.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Size and shape of Java files. */
final class JavaRules {

    static final int MAIN_LINES = 300;
    static final int ANY_LINES = 400;
    static final int METHOD_LINES = 60;

    private static final String MAIN = "src/main/java";
    private static final Pattern SIDECAR =
            Pattern.compile("new (?:RunningSidecar|Stage)\\(\\s*\\w+,\\s*\"([^\"]+)\"|String ID = \"([^\"]+)\"");
    private static final Pattern PRINT = Pattern.compile("\\bSystem\\.(out|err)\\b");

    private final Tree tree;

    JavaRules(Tree tree) {
        this.tree = tree;
    }

    List<Finding> findings() {
        var sources = tree.texts("java");
        return Stream.of(
                        longFiles(sources),
                        longMethods(sources),
                        barePackages(sources),
                        prints(sources),
                        sharedIds(sources))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Finding> longFiles(List<Text> sources) {
        return sources.stream()
                .filter(source -> source.lines().size() > limit(source))
                .map(source -> new Finding(
                        source.name(),
                        limit(source) + 1,
                        "Cannot keep %d lines in one file, %d is the limit"
                                .formatted(source.lines().size(), limit(source)),
                        "split it by responsibility"))
                .toList();
    }

    private static int limit(Text source) {
        return source.isBelow("src/main") ? MAIN_LINES : ANY_LINES;
    }

    private static List<Finding> longMethods(List<Text> sources) {
        var findings = new ArrayList<Finding>();
        Methods.of(sources)
                .forEach((source, methods) -> methods.stream()
                        .filter(method -> method.lines() > METHOD_LINES)
                        .map(method -> new Finding(
                                source.name(),
                                method.firstLine(),
                                "Cannot keep %d lines in method %s, %d is the limit"
                                        .formatted(method.lines(), method.name(), METHOD_LINES),
                                "name its parts as methods"))
                        .forEach(findings::add));
        return findings;
    }

    private List<Finding> barePackages(List<Text> sources) {
        return sources.stream()
                .filter(source -> source.isBelow(MAIN))
                .map(source -> source.name().substring(0, source.name().lastIndexOf('/')))
                .distinct()
                .filter(folder -> !tree.has(folder + "/package-info.java"))
                .map(folder -> new Finding(
                        folder,
                        1,
                        "Cannot tell what the package is for",
                        "add a package-info.java with a sentence on its responsibility and @NullMarked"))
                .toList();
    }

    private static List<Finding> prints(List<Text> sources) {
        var findings = new ArrayList<Finding>();
        sources.stream()
                .filter(source -> source.isBelow(MAIN))
                .filter(source ->
                        !source.isBelow(MAIN + "/io/respawn/cli") && !source.isBelow(MAIN + "/io/respawn/app"))
                .forEach(source -> findings.addAll(TextRules.matches(
                        source,
                        PRINT,
                        match -> "Cannot print with " + match,
                        "log it, or return it: only cli and app speak to a terminal")));
        return findings;
    }

    /** Test classes run two at a time, and find and end the processes of their sidecars by these ids. */
    private static List<Finding> sharedIds(List<Text> sources) {
        var users = new TreeMap<String, Set<String>>();
        for (var source : sources) {
            var matcher = SIDECAR.matcher(String.join("\n", source.lines()));
            while (matcher.find()) {
                var id = Objects.requireNonNullElse(matcher.group(1), matcher.group(2));
                users.computeIfAbsent(id, any -> new TreeSet<>()).add(source.name());
            }
        }
        return users.entrySet().stream()
                .filter(user -> user.getValue().size() > 1)
                .map(user -> new Finding(
                        String.join(" and ", user.getValue()),
                        1,
                        "Cannot use the sidecar id '%s' in two test classes".formatted(user.getKey()),
                        "give each an id of its own"))
                .toList();
    }
}
