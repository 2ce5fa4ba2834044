package io.respawn.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Holds what a native executable is told to expect to what is looked up by reflection; a virtual machine finds it by itself. */
final class ReachabilityTest {

    private static final String METADATA = "META-INF/native-image/io.respawn/respawn/reachability-metadata.json";
    private static final String OURS = "io.respawn.";

    @Test
    void knowsEveryRecordThatRidesInACapsule() throws Exception {
        // given
        Set<String> carried = new TreeSet<>();

        // when
        collect(Class.forName("io.respawn.app.Capsule"), carried);

        // then
        assertThat(carried).hasSizeGreaterThan(50);
        assertThat(registered()).containsAll(carried);
    }

    @Test
    void knowsEveryClassThatTheCommandLineIsReadInto() throws IOException {
        // given
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.respawn.cli");

        // when
        var read = classes.stream().filter(ReachabilityTest::isRead).map(JavaClass::getName);

        // then
        assertThat(registered()).containsAll(read.toList());
    }

    @Test
    void namesNothingThatIsNotThere() throws IOException {
        assertThat(registered().filter(name -> name.startsWith(OURS)))
                .doesNotHaveDuplicates()
                .allSatisfy(Class::forName);
    }

    /** What is annotated, and what an annotation names as a helper, which is made by its constructor. */
    private static boolean isRead(JavaClass type) {
        return Stream.concat(Stream.of(type), type.getMembers().stream())
                        .anyMatch(each -> each.getAnnotations().stream()
                                .anyMatch(annotation ->
                                        annotation.getRawType().getName().startsWith("picocli.")))
                || type.isAssignableTo(CommandLine.ITypeConverter.class)
                || type.isAssignableTo(CommandLine.IParameterPreprocessor.class);
    }

    /** A type, and all that can stand in it. */
    private static void collect(Type type, Set<String> found) {
        switch (type) {
            case ParameterizedType many ->
                Stream.of(many.getActualTypeArguments()).forEach(each -> collect(each, found));
            case Class<?> one
            when one.getName().startsWith(OURS) && !one.isEnum() && found.add(one.getName()) -> {
                if (one.isSealed()) {
                    Stream.of(one.getPermittedSubclasses()).forEach(each -> collect(each, found));
                }
                if (one.isRecord()) {
                    Stream.of(one.getRecordComponents())
                            .map(RecordComponent::getGenericType)
                            .forEach(each -> collect(each, found));
                }
            }
            default -> {}
        }
    }

    private static Stream<String> registered() throws IOException {
        try (var file = ReachabilityTest.class.getClassLoader().getResourceAsStream(METADATA)) {
            JsonNode types = new ObjectMapper().readTree(file).path("reflection");
            return StreamSupport.stream(types.spliterator(), false)
                    .map(each -> each.path("type").asText());
        }
    }
}
