package io.respawn.cli;

/** Makes any text safe for any terminal: printable ASCII only, everything else becomes a question mark. */
final class Ascii {

    private Ascii() {}

    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return safe.toString();
    }
}
