package io.respawn.cli;

/** Makes any text safe for any terminal. */
final class Ascii {

    private Ascii() {}

    /** Keeps every language; what would control the terminal becomes a question mark, but for the tab. */
    static String withoutControls(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '?' : c));
        return safe.toString();
    }

    /** Printable ASCII only, everything else becomes a question mark. */
    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        return safe.toString();
    }
}
