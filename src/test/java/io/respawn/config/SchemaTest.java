package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchemaTest {

    @Test
    void hasTheShapeOfTheMapping() {
        assertThat(shape(Schema.RESPAWN)).isEqualTo(shape(RespawnConfig.class, "a table"));
    }

    @Test
    void givesEveryMemberOfTheMappingADefaultOrMakesItOptional() {
        assertThat(shape(RespawnConfig.class, "a table")).doesNotContain("no default");
    }

    private static String shape(Schema.Shape shape) {
        return switch (shape) {
            case Schema.Scalar ignored -> "a value";
            case Schema.Texts ignored -> "a list";
            case Schema.Rows rows -> "rows of " + shape(rows.each());
            case Schema.Named named -> "names of " + shape(named.each());
            case Schema.Table table ->
                table.keys().entrySet().stream()
                        .filter(entry -> !(entry.getValue() instanceof Schema.Later))
                        .map(entry -> entry.getKey() + ": " + shape(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
            case Schema.Later ignored -> "later";
            case Schema.Foreign ignored -> "foreign";
        };
    }

    private static String shape(Type type, String whenText) {
        if (type == String.class) {
            return whenText;
        }
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Map.class) {
                return "names of " + shape(last, "a value");
            }
            if (generic.getRawType() == List.class && last instanceof Class<?> row && row != String.class) {
                return "rows of " + shape(last, "a value");
            }
            return generic.getRawType() == Optional.class ? shape(last, "a value") : "a list";
        }
        return Arrays.stream(((Class<?>) type).getMethods())
                .map(SchemaTest::member)
                .sorted()
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String member(Method method) {
        String key = Keys.of(method);
        boolean hasDefault = method.isAnnotationPresent(WithDefault.class);
        return key + ": " + shape(method.getGenericReturnType(), hasDefault ? "a value" : "no default");
    }
}
