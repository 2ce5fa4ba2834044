package io.respawn.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the text of small files. */
final class ConfigFile {

    private static final long LIMIT_BYTES = 1 << 20;

    private ConfigFile() {}

    /** The whole text, or a mistake that says why not. */
    static Optional<String> text(Path file, Mistakes mistakes) {
        String path = file.toString();
        try {
            if (Files.isDirectory(file)) {
                mistakes.add(path, "Cannot read this configuration file: it is a directory; name the file in it");
            } else if (Files.size(file) > LIMIT_BYTES) {
                mistakes.add(path, "Cannot read this configuration file: it is larger than 1 MiB");
            } else {
                return Optional.of(Files.readString(file));
            }
        } catch (NoSuchFileException e) {
            mistakes.add(
                    path, "Cannot read this configuration file: there is none; correct --config or RESPAWN_CONFIG");
        } catch (AccessDeniedException e) {
            mistakes.add(
                    path, "Cannot read this configuration file: permission denied; make it readable for this user");
        } catch (CharacterCodingException e) {
            mistakes.add(path, "Cannot read this configuration file: it is not UTF-8; convert it");
        } catch (IOException e) {
            mistakes.add(path, "Cannot read this configuration file: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** The first line that says something; empty as well when the file cannot be read, since it is only a fallback. */
    static Optional<String> firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip).filter(line -> !line.isEmpty()).findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
