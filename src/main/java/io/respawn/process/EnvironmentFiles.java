package io.respawn.process;

import io.respawn.model.EnvironmentSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what files say of an environment; of their contents nothing gets into a message. */
final class EnvironmentFiles {

    private static final int MOST_BYTES = 1024 * 1024;

    private EnvironmentFiles() {}

    /** The variables of all files, in their order, without secrets. */
    static Map<String, String> variables(EnvironmentSources sources, Path directory) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String file : sources.files()) {
            addLines(variables, directory.resolve(file));
        }
        return variables;
    }

    /** The variables whose values are the contents of files, without the end of the last line. */
    static Map<String, String> secrets(EnvironmentSources sources, Path directory) {
        Map<String, String> variables = new LinkedHashMap<>();
        sources.secretFiles().forEach((name, file) -> {
            String value = text(directory.resolve(file)).replaceFirst("\r?\n\\z", "");
            if (value.indexOf('\0') >= 0) {
                throw unusable(directory.resolve(file), "it contains a NUL character; put text into it");
            }
            variables.put(name, value);
        });
        return variables;
    }

    private static void addLines(Map<String, String> variables, Path file) {
        int number = 0;
        for (String line : text(file).lines().toList()) {
            number++;
            String stripped = line.stripLeading();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = line.substring(0, Math.max(0, equals)).strip();
            if (name.isEmpty() || line.indexOf('\0') >= 0) {
                throw unusable(
                        file, "line " + number + " is not of the form NAME=value; correct it or begin it with #");
            }
            variables.put(name, line.substring(equals + 1));
        }
    }

    private static String text(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // Reading anything else might wait.
            throw unusable(file, "it is not a regular file; name one");
        }
        try (InputStream open = Files.newInputStream(file)) {
            byte[] bytes = open.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw unusable(file, "it is longer than 1 MiB; shorten it");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw unusable(file, "there is no such file; create it or remove its key");
        } catch (CharacterCodingException binary) {
            throw unusable(file, "it is not text in UTF-8; encode it");
        } catch (IOException unreadable) {
            throw unusable(file, "it cannot be read; allow the user of the sidecar to read it");
        }
    }

    private static UnusableSetup unusable(Path file, String why) {
        return UnusableSetup.environment("Cannot take the environment from " + file + ": " + why);
    }
}
