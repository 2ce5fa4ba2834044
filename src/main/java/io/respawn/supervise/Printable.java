package io.respawn.supervise;

/** Makes text of unknown origin harmless for a terminal. */
final class Printable {

    private Printable() {}

    static String of(String text) {
        int first = 0;
        while (first < text.length() && !isHarmful(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isHarmful(c)) {
                safe.append(c);
            } else if (c < 0x100) {
                safe.append("\\x").append(hex(c, 2));
            } else {
                safe.append("\\u").append(hex(c, 4));
            }
        }
        return safe.toString();
    }

    /** Both sets of control characters but for the tab, ends of lines, and marks that turn the direction of text. */
    private static boolean isHarmful(char c) {
        return (c < 0x20 && c != '\t')
                || (c >= 0x7f && c < 0xa0)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    private static String hex(char c, int digits) {
        return Integer.toHexString(0x10000 | c).substring(5 - digits);
    }
}
