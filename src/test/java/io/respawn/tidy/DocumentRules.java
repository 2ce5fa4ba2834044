package io.respawn.tidy;

import io.respawn.tidy.Tree.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Documents: one title each, links and names that lead somewhere. */
final class DocumentRules {

    static final String PROOF = "src/docs/proof.md";
    static final String PAINS = "src/docs/pains.md";

    /** It tells a newcomer what to type, just as the README does. */
    private static final String DEMO = "src/demo/start";

    private static final Pattern TITLE = Pattern.compile("^# .+");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:|#)([^)#\\s]+)[^)]*\\)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:[.#](\\w+))?`");
    private static final Pattern FILE =
            Pattern.compile("(?<![\\w/.$}-])(?:\\./)?((?:src|k8s|docker|\\.ci|\\.mvn)/[\\w./-]*\\w)");
    private static final Pattern PROFILE = Pattern.compile("mvnw\\b[^`]*\\s-P(\\w[\\w-]*)");
    private static final Pattern VERB = Pattern.compile("(?:bin/respawn|^\\s*\\$?\\s*respawn|`respawn) ([a-z]+)\\b");

    private final Tree tree;

    DocumentRules(Tree tree) {
        this.tree = tree;
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        for (var document : tree.texts("md")) {
            findings.addAll(titles(document));
            findings.addAll(links(document));
        }
        Stream.of("README.md", DEMO).filter(tree::has).forEach(name -> findings.addAll(mentions(tree.text(name))));
        Stream.of(PROOF, PAINS).filter(tree::has).forEach(name -> findings.addAll(proofs(tree.text(name))));
        return findings;
    }

    private static List<Finding> titles(Text document) {
        var titles = new ArrayList<Integer>();
        var fenced = false;
        for (int i = 0; i < document.lines().size(); i++) {
            var line = document.lines().get(i);
            fenced ^= line.stripLeading().startsWith("```");
            if (!fenced && TITLE.matcher(line).matches()) {
                titles.add(i + 1);
            }
        }
        if (titles.size() == 1) {
            return List.of();
        }
        return List.of(new Finding(
                document.name(),
                titles.isEmpty() ? 1 : titles.get(1),
                "Cannot have %d titles in one document".formatted(titles.size()),
                "begin it with one line \"# Title\", and let the rest be sections"));
    }

    private List<Finding> links(Text document) {
        var folder = Optional.ofNullable(Path.of(document.name()).getParent()).orElse(Path.of(""));
        return found(
                document,
                LINK,
                target -> tree.has(folder.resolve(target).normalize().toString()),
                "Cannot follow the link to %s",
                "correct the link, or add the file");
    }

    private List<Finding> mentions(Text readme) {
        var pom = tree.has("pom.xml") ? String.join("\n", tree.text("pom.xml").lines()) : "";
        var verbs = tree.texts("java").stream()
                .filter(source -> source.isBelow("src/main/java/io/respawn/cli"))
                .map(source -> String.join("\n", source.lines()))
                .toList();
        return Stream.of(
                        found(readme, FILE, tree::has, "Cannot find the file %s", "correct the name, or add the file"),
                        found(
                                readme,
                                PROFILE,
                                name -> pom.contains("<id>" + name + "</id>"),
                                "Cannot find the profile %s in pom.xml",
                                "correct the command"),
                        found(
                                readme,
                                VERB,
                                verb -> verbs.stream()
                                        .anyMatch(source ->
                                                source.replaceAll("\\s+", "").contains("add(root,\"" + verb + "\"")),
                                "Cannot find the verb %s among the commands in io.respawn.cli",
                                "correct the command"))
                .flatMap(List::stream)
                .toList();
    }

    private List<Finding> proofs(Text proof) {
        var tests = tree.texts("java").stream()
                .filter(source -> source.isBelow("src/test"))
                .toList();
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < proof.lines().size(); i++) {
            var matcher = TEST.matcher(proof.lines().get(i));
            while (matcher.find()) {
                var type = matcher.group(1);
                var method = Optional.ofNullable(matcher.group(2));
                var isThere = tests.stream()
                        .filter(test -> test.name().endsWith("/" + type + ".java"))
                        .anyMatch(test -> method.isEmpty()
                                || Methods.of(test).stream()
                                        .anyMatch(it -> it.name().equals(method.get())));
                if (!isThere) {
                    findings.add(new Finding(
                            proof.name(),
                            i + 1,
                            "Cannot find the test " + type
                                    + method.map(name -> "." + name).orElse(""),
                            "name a test that exists: a promise without one is not proven"));
                }
            }
        }
        return findings;
    }

    private interface Check {
        boolean isThere(String name);
    }

    private static List<Finding> found(Text text, Pattern pattern, Check check, String what, String remedy) {
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < text.lines().size(); i++) {
            var line = i + 1;
            pattern.matcher(text.lines().get(i))
                    .results()
                    .map(result -> result.group(1))
                    .filter(name -> !check.isThere(name))
                    .forEach(name -> findings.add(new Finding(text.name(), line, what.formatted(name), remedy)));
        }
        return findings;
    }
}
