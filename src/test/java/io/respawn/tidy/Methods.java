package io.respawn.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.respawn.tidy.Tree.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Finds the methods of a source with the compiler's own parser: no brace in a string can mislead it. */
final class Methods {

    private Methods() {}

    /**
     * A method or constructor with its body.
     *
     * @param name its name
     * @param firstLine where its signature begins
     * @param lines from there to its closing brace
     */
    record Method(String name, int firstLine, int lines) {}

    static List<Method> of(Text source) {
        return of(List.of(source)).getOrDefault(source, List.of());
    }

    /** The methods of many sources: one compiler for all, as most of the time goes into starting it. */
    static Map<Text, List<Method>> of(List<Text> sources) {
        if (sources.isEmpty()) {
            return Map.of();
        }
        var files = sources.stream().map(InMemorySource::new).toList();
        // The compiler wraps what it is given: a source is known again by its address.
        var known = files.stream().collect(Collectors.toMap(InMemorySource::toUri, file -> file.source));
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, files);
        var positions = Trees.instance(task).getSourcePositions();
        var methods = new LinkedHashMap<Text, List<Method>>();
        try {
            for (var unit : task.parse()) {
                var found = new ArrayList<Method>();
                new Scanner(unit, positions).scan(unit, found);
                methods.put(known.get(unit.getSourceFile().toUri()), found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot parse " + sources.size() + " sources", e);
        }
        return methods;
    }

    private static final class Scanner extends TreeScanner<Void, List<Method>> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        private Scanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitMethod(MethodTree method, List<Method> found) {
            var start = line(positions.getStartPosition(unit, method));
            var end = line(positions.getEndPosition(unit, method));
            found.add(new Method(method.getName().toString(), start, end - start + 1));
            return super.visitMethod(method, found);
        }

        private int line(long position) {
            return (int) unit.getLineMap().getLineNumber(position);
        }
    }

    private static final class InMemorySource extends SimpleJavaFileObject {

        private final Text source;

        private InMemorySource(Text source) {
            super(URI.create("memory:///" + source.name()), JavaFileObject.Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return String.join("\n", source.lines());
        }
    }
}
