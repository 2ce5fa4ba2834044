package io.respawn.model;

/** Makes text from outside safe to keep and to show: bounded, and without control characters. */
public final class Text {

    /** The longest reason or requester that is kept, in characters. */
    public static final int LIMIT = 256;

    private static final int SHOWN = 80;

    private Text() {}

    /** Strips what is no text and cuts to {@link #LIMIT} characters. */
    public static String bounded(String text) {
        return cut(text, LIMIT);
    }

    /** The form in which a doubtful value is quoted in a message. */
    public static String shown(String text) {
        return cut(text, SHOWN);
    }

    private static String cut(String text, int limit) {
        String head = text.length() > limit ? text.substring(0, limit) : text;
        if (isPlain(head)) {
            return head.strip();
        }
        StringBuilder clean = new StringBuilder(head.length());
        head.codePoints().filter(Text::isText).forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }

    /** Nearly every text is. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** Half a surrogate pair, from a cut or from outside, is no text: it could not be written as UTF-8. */
    private static boolean isText(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }
}
