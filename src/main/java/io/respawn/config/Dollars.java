package io.respawn.config;

/**
 * Spells dollar signs for the expressions of the configuration library, which takes {@code $$} for one dollar. A command
 * such as {@code kill -TERM $$} must arrive as it was written: only <code>${name}</code> is an expression, and
 * <code>$${</code> is a literal <code>${</code>, as is <code>\\${</code>, the library's own escape.
 */
final class Dollars {

    private Dollars() {}

    static String escaped(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder spelled = new StringBuilder(text.length() + 8);
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$${", i)) {
                spelled.append("\\${");
                i += 3;
            } else if (text.startsWith("${", i)) {
                int end = endOfExpression(text, i + 2);
                spelled.append(text, i, end);
                i = end;
            } else {
                char c = text.charAt(i++);
                spelled.append(c == '$' ? "\\$" : String.valueOf(c));
            }
        }
        return spelled.toString();
    }

    /** Behind the brace that closes the expression; the end of the text when there is none. */
    private static int endOfExpression(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                open++;
            } else if (text.charAt(i) == '}' && --open == 0) {
                return i + 1;
            }
        }
        return text.length();
    }
}
