package io.respawn.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The outside of a capsule: eight letters, its version, its length and checksum, so that a newer, cut or damaged one is
 * refused in words before anything in it is believed.
 */
public final class Seal {

    private static final byte[] LETTERS = "RESPAWN\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = LETTERS.length + 3 * Integer.BYTES;

    private Seal() {}

    /** Puts the content of this version under seal. */
    public static byte[] close(int version, byte[] content) {
        return ByteBuffer.allocate(HEADER + content.length)
                .put(LETTERS)
                .putInt(version)
                .putInt(content.length)
                .putInt(checksum(content))
                .put(content)
                .array();
    }

    /**
     * The content, if it is whole.
     *
     * @param newest the newest version that the caller can read
     * @throws CodecException when it is no capsule, of a newer version, or damaged
     */
    public static byte[] open(byte[] sealed, int newest) {
        if (sealed.length < HEADER || !Arrays.equals(sealed, 0, LETTERS.length, LETTERS, 0, LETTERS.length)) {
            throw new CodecException("Cannot read a capsule: these " + sealed.length + " bytes are none");
        }
        ByteBuffer header = ByteBuffer.wrap(sealed, LETTERS.length, HEADER - LETTERS.length);
        int version = header.getInt();
        if (version < 1 || version > newest) {
            throw new CodecException("Cannot read a capsule of version " + version
                    + ": this program reads versions up to " + newest + "; respawn into one that knows it");
        }
        int length = header.getInt();
        int checksum = header.getInt();
        if (length != sealed.length - HEADER) {
            throw new CodecException("Cannot read a capsule of " + (sealed.length - HEADER) + " bytes where " + length
                    + " were sealed: it was cut");
        }
        byte[] content = Arrays.copyOfRange(sealed, HEADER, sealed.length);
        if (checksum != checksum(content)) {
            throw new CodecException("Cannot read a capsule: its checksum is wrong, so it is damaged");
        }
        return content;
    }

    private static int checksum(byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return (int) sum.getValue();
    }
}
