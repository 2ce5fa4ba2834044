package io.respawn.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads the files of an instance back, the oldest first, whether they are compressed or not. */
record LogContents(Path log) {

    private static final System.Logger LOG = System.getLogger(LogContents.class.getName());
    private static final int MOST_READINGS = 10;

    /** Files that are compressed meanwhile go under their former names: then it is read once more. */
    String text() throws IOException {
        for (int i = 1; i < MOST_READINGS; i++) {
            try {
                return read();
            } catch (NoSuchFileException compressed) {
                LOG.log(Level.DEBUG, "Reading once more", compressed);
            }
        }
        return read();
    }

    private String read() throws IOException {
        var all = new ByteArrayOutputStream();
        for (Path file : old()) {
            try (InputStream in = Files.newInputStream(file);
                    InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
                plain.transferTo(all);
            }
        }
        if (Files.exists(log)) {
            all.write(Files.readAllBytes(log));
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Those that are not written any more. */
    List<Path> old() throws IOException {
        try (Stream<Path> files = Files.list(log.getParent())) {
            // While one is compressed it may be there twice.
            return List.copyOf(files.filter(
                            file -> file.getFileName().toString().startsWith(log.getFileName() + "."))
                    .filter(file -> !file.toString().endsWith(".tmp"))
                    .collect(Collectors.toMap(LogContents::number, file -> file, (one, other) -> one, TreeMap::new))
                    .values());
        }
    }

    private static long number(Path file) {
        return Long.parseLong(file.toString().replaceAll(".*\\.log\\.(\\d+).*", "$1"));
    }
}
