package io.respawn.config;

import io.respawn.model.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads the entries of one YAML map: merges what {@code <<} names, refuses keys that come twice or are no text. */
final class YamlEntries {

    private static final int MERGE_DEPTH = 8;

    /** A value, and the line (from 1) of its key. */
    record Entry(Node value, int line) {}

    private YamlEntries() {}

    static Entry entry(Node key, Node value) {
        return new Entry(value, key.getStartMark().getLine() + 1);
    }

    static Map<String, Entry> of(MappingNode mapping, String path, Mistakes mistakes) {
        return of(mapping, path, mistakes, 0);
    }

    private static Map<String, Entry> of(MappingNode mapping, String path, Mistakes mistakes, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int line = tuple.getKeyNode().getStartMark().getLine() + 1;
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                merge(tuple.getValueNode(), path, mistakes, depth).forEach(merged::putIfAbsent);
            } else if (!(tuple.getKeyNode() instanceof ScalarNode key) || !isUsable(key.getValue())) {
                mistakes.add(
                        Paths.join(path, "line " + line),
                        "Cannot use this key: a text without quotes, backslashes and line breaks is expected");
            } else {
                Entry first = entries.putIfAbsent(key.getValue(), entry(key, tuple.getValueNode()));
                if (first != null) {
                    mistakes.add(
                            Paths.join(path, key.getValue()),
                            "Cannot use '" + Text.shown(key.getValue()) + "' twice: it stands at line " + first.line()
                                    + " and at line " + line + "; remove one");
                }
            }
        }
        merged.forEach(entries::putIfAbsent);
        return entries;
    }

    private static Map<String, Entry> merge(Node source, String path, Mistakes mistakes, int depth) {
        List<Node> sources = source instanceof SequenceNode sequence ? sequence.getValue() : List.of(source);
        Map<String, Entry> merged = new LinkedHashMap<>();
        for (Node each : sources) {
            if (each instanceof MappingNode mapping && depth < MERGE_DEPTH) {
                of(mapping, path, mistakes, depth + 1).forEach(merged::putIfAbsent);
            } else {
                mistakes.add(
                        Paths.join(path, "<<"),
                        "Cannot merge this: an alias of a map is expected, at most " + MERGE_DEPTH + " levels deep");
            }
        }
        return merged;
    }

    private static boolean isUsable(String key) {
        return !key.isEmpty() && key.chars().noneMatch(c -> c == '"' || c == '\\' || Character.isISOControl(c));
    }
}
