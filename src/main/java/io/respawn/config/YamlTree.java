package io.respawn.config;

import io.respawn.config.Schema.Shape;
import io.respawn.model.Text;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Flattens one YAML text to properties and notes what has the wrong shape. It reads the nodes rather than the values
 * that YAML makes of them: {@code 1.10}, {@code 010} and {@code NO} stay what was written, and every key has a line.
 */
final class YamlTree {

    /** More than any honest file has; it ends the growth of aliases that name aliases. */
    private static final int NODE_LIMIT = 100_000;

    private static final int DEPTH_LIMIT = 32;

    private final String file;
    private final Mistakes mistakes;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private int nodes;

    /** What a file says, and where. */
    record Parsed(Map<String, String> properties, Map<String, Integer> lines) {
        static final Parsed NOTHING = new Parsed(Map.of(), Map.of());
    }

    private YamlTree(String file, Mistakes mistakes) {
        this.file = file;
        this.mistakes = mistakes;
    }

    static Parsed parse(String file, String text, Mistakes mistakes) {
        YamlTree tree = new YamlTree(file, mistakes);
        tree.root(text).ifPresent(tree::top);
        return new Parsed(tree.properties, tree.lines);
    }

    /** The message leaves the excerpt out that the parser would add: it may show a secret. */
    private Optional<Node> root(String text) {
        try {
            return Optional.ofNullable(new Yaml(new LoaderOptions()).compose(new StringReader(text)))
                    .filter(node -> !isNothing(node));
        } catch (MarkedYAMLException e) {
            String where = e.getProblemMark() == null
                    ? ""
                    : " at line " + (e.getProblemMark().getLine() + 1) + ", column "
                            + (e.getProblemMark().getColumn() + 1);
            mistakes.add(file, "Cannot read this file as YAML" + where + ": " + Text.shown(e.getProblem()));
        } catch (YAMLException e) {
            mistakes.add(file, "Cannot read this file as YAML: " + Text.shown(String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    private void top(Node root) {
        if (!(root instanceof MappingNode mapping)) {
            mistakes.add(file, "Cannot use this file as configuration: a map with the key 'respawn' is expected");
            return;
        }
        YamlEntries.of(mapping, "", mistakes).forEach((key, entry) -> {
            if (key.equals("respawn")) {
                walk(entry, "respawn", Schema.RESPAWN, 0);
            } else if (key.startsWith("respawn.")) {
                mistakes.add(key, "Cannot use a key with dots here: write it as nested maps below 'respawn'");
            } else if (Spelling.nearest(key, List.of("respawn")).isPresent()) {
                mistakes.add(
                        key, "Cannot use '" + Text.shown(key) + "': there is no such key; did you mean 'respawn'?");
            } else {
                walk(entry, key, new Schema.Foreign(), 0);
            }
        });
    }

    private void walk(YamlEntries.Entry entry, String path, Shape shape, int depth) {
        lines.put(path, entry.line());
        if (++nodes > NODE_LIMIT || depth > DEPTH_LIMIT) {
            mistakes.add(
                    file,
                    "Cannot read this file: more than " + NODE_LIMIT + " values or more than " + DEPTH_LIMIT
                            + " levels; look for an alias that contains itself");
            return;
        }
        switch (shape) {
            case Schema.Scalar ignored -> scalar(entry.value(), path);
            case Schema.Texts ignored -> texts(entry.value(), path);
            case Schema.Table table -> table(entry.value(), path, table, depth);
            case Schema.Rows rows -> rows(entry.value(), path, rows, depth);
            case Schema.Named named ->
                map(entry.value(), path)
                        .forEach((key, child) -> walk(child, Paths.join(path, key), named.each(), depth + 1));
            case Schema.Later ignored ->
                mistakes.add(path, "Cannot use this key: it is not available in this version; remove it");
            case Schema.Foreign ignored -> foreign(entry.value(), path, depth);
        }
    }

    private void rows(Node node, String path, Schema.Rows rows, int depth) {
        if (!(node instanceof SequenceNode sequence)) {
            mistakes.add(path, "Cannot use " + kind(node) + " here: a list of maps is expected");
            return;
        }
        for (int i = 0; i < sequence.getValue().size(); i++) {
            Node element = sequence.getValue().get(i);
            walk(YamlEntries.entry(element, element), Paths.element(path, i), rows.each(), depth + 1);
        }
    }

    private void table(Node node, String path, Schema.Table table, int depth) {
        int before = properties.size() + mistakes.count();
        map(node, path).forEach((key, child) -> {
            Shape shape = table.keys().get(key);
            if (shape != null) {
                walk(child, Paths.join(path, key), shape, depth + 1);
            } else {
                lines.put(Paths.join(path, key), child.line());
                unknown(key, path, table);
            }
        });
        if (!table.mayBeEmpty() && properties.size() + mistakes.count() == before) {
            mistakes.add(path, "Cannot use an empty map here: fill it or remove the key");
        }
    }

    private void unknown(String key, String path, Schema.Table table) {
        Optional<String> near = Spelling.nearest(key, table.keys().keySet());
        String hint = near.map(meant -> "did you mean '" + meant + "'?")
                .orElse("known here: " + String.join(", ", table.available()));
        mistakes.add(Paths.join(path, key), "Cannot use '" + Text.shown(key) + "': there is no such key; " + hint);
        near.ifPresent(meant -> mistakes.expect(Paths.join(path, meant)));
    }

    private Map<String, YamlEntries.Entry> map(Node node, String path) {
        if (node instanceof MappingNode mapping) {
            return YamlEntries.of(mapping, path, mistakes);
        }
        if (!isNothing(node)) {
            mistakes.add(path, "Cannot use " + kind(node) + " here: a map (key: value) is expected");
        }
        return Map.of();
    }

    private void texts(Node node, String path) {
        if (!(node instanceof SequenceNode sequence)) {
            mistakes.add(path, "Cannot use " + kind(node) + " here: a list is expected, such as [ \"a\", \"b\" ]");
            return;
        }
        if (sequence.getValue().isEmpty()) {
            // Flat properties have no empty list; one empty element stands for it.
            properties.put(Paths.element(path, 0), "");
        }
        for (int i = 0; i < sequence.getValue().size(); i++) {
            scalar(sequence.getValue().get(i), Paths.element(path, i));
        }
    }

    private void scalar(Node node, String path) {
        if (isNothing(node)) {
            mistakes.add(
                    path, "Cannot use a key without a value: give one (\"\" for the empty text) or remove the key");
        } else if (node instanceof ScalarNode value) {
            if (properties.size() < NODE_LIMIT) {
                properties.put(path, Dollars.escaped(value.getValue()));
            }
        } else {
            mistakes.add(path, "Cannot use " + kind(node) + " here: a single value is expected");
        }
    }

    private void foreign(Node node, String path, int depth) {
        switch (node) {
            case MappingNode mapping ->
                YamlEntries.of(mapping, path, mistakes)
                        .forEach((key, child) -> walk(
                                child,
                                path.equals("kafka") || path.startsWith("kafka.")
                                        ? path + "." + key
                                        : Paths.join(path, key),
                                new Schema.Foreign(),
                                depth + 1));
            case SequenceNode sequence -> {
                for (int i = 0; i < sequence.getValue().size(); i++) {
                    Node element = sequence.getValue().get(i);
                    walk(YamlEntries.entry(element, element), Paths.element(path, i), new Schema.Foreign(), depth + 1);
                }
            }
            case ScalarNode scalar when !isNothing(scalar) -> properties.put(path, scalar.getValue());
            default -> {
                // A key without a value is an absent one.
            }
        }
    }

    private static boolean isNothing(Node node) {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode ignored -> "a map";
            case SequenceNode ignored -> "a list";
            default -> isNothing(node) ? "nothing" : "a single value";
        };
    }
}
