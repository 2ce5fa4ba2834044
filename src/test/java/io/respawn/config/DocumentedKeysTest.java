package io.respawn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the tables of the README against the mapping: every key, no other, each with its default. */
class DocumentedKeysTest {

    private static final Pattern HEAD = Pattern.compile("\\| key below `(respawn\\.[^`]*)` .*");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.*?) ?\\| .*");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** For a key without a default in the mapping, as the README then says in words what holds. */
    private static final String SAID_IN_WORDS = "";

    @Test
    void theReadmeNamesEveryKeyWithItsDefault() throws IOException {
        // when
        Map<String, String> documented = documented();

        // then
        Map<String, String> mapped = new TreeMap<>();
        collect("respawn", RespawnConfig.class, mapped);
        assertThat(documented.keySet()).isEqualTo(mapped.keySet());
        mapped.entrySet().removeIf(entry -> entry.getValue().equals(SAID_IN_WORDS));
        assertThat(documented).containsAllEntriesOf(mapped);
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> keys = new TreeMap<>();
        String prefix = "";
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            var head = HEAD.matcher(line);
            var row = ROW.matcher(line);
            if (head.matches()) {
                prefix = head.group(1);
            } else if (!line.startsWith("|")) {
                prefix = "";
            } else if (!prefix.isEmpty() && row.matches()) {
                keys.put(prefix + row.group(1), first(row.group(2)));
            }
        }
        return keys;
    }

    private static String first(String cell) {
        return CODE.matcher(cell)
                .results()
                .map(result -> result.group(1))
                .findFirst()
                .orElse(SAID_IN_WORDS);
    }

    private static void collect(String prefix, Type type, Map<String, String> keys) {
        for (Method method : ((Class<?>) type).getMethods()) {
            String word = Keys.of(method);
            String key = prefix + "." + word;
            Type value = method.getGenericReturnType();
            if (value instanceof ParameterizedType generic) {
                Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
                if (generic.getRawType() == Map.class) {
                    key += word.equals("depends-on") ? ".SERVICE" : ".NAME";
                    value = last;
                } else if (generic.getRawType() == Optional.class) {
                    value = last;
                }
            }
            if (value instanceof Class<?> table && table.isInterface()) {
                collect(key, table, keys);
            } else {
                keys.put(
                        key,
                        Optional.ofNullable(method.getAnnotation(WithDefault.class))
                                .map(WithDefault::value)
                                .orElse(SAID_IN_WORDS));
            }
        }
    }
}
