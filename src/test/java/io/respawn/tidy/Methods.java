package io.respawn.tidy;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.respawn.tidy.Tree.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
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

    static Stream<Method> of(Text source) {
        var file = new InMemorySource(source);
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(file));
        var positions = Trees.instance(task).getSourcePositions();
        var methods = Stream.<Method>builder();
        try {
            for (var unit : task.parse()) {
                var scanner = new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        var start = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
                        var end = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
                        methods.add(new Method(method.getName().toString(), (int) start, (int) (end - start + 1)));
                        return super.visitMethod(method, null);
                    }
                };
                scanner.scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot parse " + source.name(), e);
        }
        return methods.build();
    }

    private static final class InMemorySource extends SimpleJavaFileObject {

        private final String content;

        private InMemorySource(Text source) {
            super(URI.create("memory:///" + source.name()), JavaFileObject.Kind.SOURCE);
            this.content = String.join("\n", source.lines());
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
