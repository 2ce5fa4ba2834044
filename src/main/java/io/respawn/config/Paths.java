package io.respawn.config;

/** Spells keys as the configuration library does: dots between names, quotes around names that are not plain. */
final class Paths {

    private Paths() {}

    static String join(String parent, String name) {
        String spelled = isPlain(name) ? name : '"' + name + '"';
        return parent.isEmpty() ? spelled : parent + "." + spelled;
    }

    static String element(String parent, int index) {
        return parent + "[" + index + "]";
    }

    static boolean isAtOrBelow(String path, String ancestor) {
        return path.equals(ancestor)
                || (path.startsWith(ancestor)
                        && (path.charAt(ancestor.length()) == '.' || path.charAt(ancestor.length()) == '['));
    }

    /** The path above, or the empty one. */
    static String parent(String path) {
        boolean quoted = false;
        for (int i = path.length() - 1; i > 0; i--) {
            char c = path.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '.' || c == '[')) {
                return path.substring(0, i);
            }
        }
        return "";
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-');
    }
}
