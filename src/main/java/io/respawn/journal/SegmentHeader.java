package io.respawn.journal;

import io.respawn.codec.CodecException;
import io.respawn.model.HostIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of every journal file: what it is, its schema, and the host whose process numbers it holds. */
record SegmentHeader(HostIdentity host, int length) {

    private static final int SCHEMA = 1;
    private static final int LONGEST = 256;
    private static final Pattern LINE = Pattern.compile("respawn-journal ([0-9]{1,9}) (\\S*) (-?[0-9]{1,19})");

    static byte[] encode(HostIdentity host) {
        return ("respawn-journal " + SCHEMA + " " + host.bootId() + " " + host.pidNamespace() + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the line; empty when there is none.
     *
     * @throws CodecException when a newer version wrote the file
     */
    static Optional<SegmentHeader> read(Path path, ByteBuffer file) {
        byte[] start = new byte[Math.min(LONGEST, file.limit())];
        file.get(0, start);
        String text = new String(start, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        Matcher matcher = LINE.matcher(end < 0 ? "" : text.substring(0, end));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (Integer.parseInt(matcher.group(1)) != SCHEMA) {
            throw new CodecException(
                    "Cannot read " + path + " of schema " + matcher.group(1) + ": this version reads schema " + SCHEMA
                            + "; start a version that knows it, or move the file away");
        }
        HostIdentity host = new HostIdentity(matcher.group(2), Long.parseLong(matcher.group(3)));
        return Optional.of(new SegmentHeader(host, text.substring(0, end + 1).getBytes(StandardCharsets.UTF_8).length));
    }
}
