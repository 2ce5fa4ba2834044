package io.respawn.config;

import io.respawn.model.EnvironmentSources;
import io.respawn.model.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads where a service's environment comes from; the files themselves are read at each start. */
final class EnvironmentReader {

    private static final String EVERYTHING = "all";
    private static final String NOTHING = "none";

    private final String path;
    private final ServiceConfig raw;
    private final Mistakes mistakes;
    private final Fields fields;

    private EnvironmentReader(String path, ServiceConfig raw, Mistakes mistakes) {
        this.path = path;
        this.raw = raw;
        this.mistakes = mistakes;
        this.fields = new Fields(path, mistakes);
    }

    /** That of the service at the path. */
    static EnvironmentSources read(String path, ServiceConfig raw, Mistakes mistakes) {
        if (raw.inheritEnvironment().isEmpty()
                && raw.environmentFiles().isEmpty()
                && raw.secretEnvironment().isEmpty()) {
            return EnvironmentSources.DEFAULT;
        }
        var reader = new EnvironmentReader(path, raw, mistakes);
        return new EnvironmentSources(
                raw.inheritEnvironment().flatMap(reader::inherited),
                reader.files(raw.environmentFiles().orElse(List.of())),
                reader.secrets());
    }

    private Optional<List<String>> inherited(List<String> names) {
        if (names.equals(List.of(EVERYTHING))) {
            return Optional.empty();
        }
        if (names.equals(List.of(NOTHING)) || Fields.standsForNone(names)) {
            return Optional.of(List.of());
        }
        List<String> read = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            fields.readElement("inherit-environment", i, names.get(i), EnvironmentReader::name)
                    .ifPresent(read::add);
        }
        return Optional.of(read);
    }

    private List<String> files(List<String> files) {
        List<String> read = new ArrayList<>();
        for (int i = 0; i < files.size() && !Fields.standsForNone(files); i++) {
            fields.readElement("environment-files", i, files.get(i), EnvironmentReader::file)
                    .ifPresent(read::add);
        }
        return read;
    }

    private Map<String, String> secrets() {
        String at = Paths.join(path, "secret-environment");
        Map<String, String> read = new TreeMap<>();
        raw.secretEnvironment().forEach((name, file) -> {
            String where = Paths.join(at, name);
            if (name.indexOf('=') >= 0 || ServiceReader.RESERVED.contains(name)) {
                mistakes.add(
                        where,
                        "Cannot set this variable: the sidecar sets it itself, or its name has a '='; rename it");
            } else if (raw.environment().containsKey(name)) {
                mistakes.add(where, "Cannot set this variable twice: remove it here or below 'environment'");
            }
            mistakes.attempt(where, () -> file(file)).ifPresent(good -> read.put(name, good));
        });
        return read;
    }

    private static String name(String text) {
        String name = text.strip();
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.equals(EVERYTHING) || name.equals(NOTHING)) {
            throw new IllegalArgumentException("Cannot hand on the variable '" + Text.shown(text)
                    + "': list names such as PATH or LC_*, or write [ all ] or [ none ] alone");
        }
        return name;
    }

    private static String file(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "Cannot read the file '" + Text.shown(text) + "': name a file or remove the key");
        }
        return text.strip();
    }
}
