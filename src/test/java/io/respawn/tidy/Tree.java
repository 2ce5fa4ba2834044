package io.respawn.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The text files of a project, without what a build leaves behind. */
final class Tree {

    private static final List<String> TOP =
            List.of("src", "k8s", "docker", ".ci", ".mvn", "pom.xml", "mvnw", "README.md", ".gitignore");

    private static final Set<String> BINARY =
            Set.of("png", "jpg", "ico", "woff2", "bin", "capsule", "zip", "jar", "gz");

    private final Path root;

    Tree(Path root) {
        this.root = root;
    }

    /**
     * One text file.
     *
     * @param name its path below the root
     * @param lines its lines
     */
    record Text(String name, List<String> lines) {

        boolean isBelow(String folder) {
            return name.startsWith(folder + "/");
        }
    }

    List<Text> texts() {
        return TOP.stream()
                .map(root::resolve)
                .filter(Files::exists)
                .flatMap(Tree::walk)
                .filter(Files::isRegularFile)
                .filter(file -> !BINARY.contains(extension(file)))
                .sorted()
                .map(this::text)
                .toList();
    }

    List<Text> texts(String extension) {
        return texts().stream()
                .filter(text -> text.name().endsWith("." + extension))
                .toList();
    }

    boolean has(String name) {
        return Files.exists(root.resolve(name));
    }

    Text text(String name) {
        return text(root.resolve(name));
    }

    private Text text(Path file) {
        try {
            return new Text(root.relativize(file).toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + " as text: add its extension to Tree.BINARY", e);
        }
    }

    private static Stream<Path> walk(Path top) {
        try (var paths = Files.walk(top)) {
            return paths.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + top, e);
        }
    }

    private static String extension(Path file) {
        var name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
