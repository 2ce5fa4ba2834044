package io.respawn.tidy;

/**
 * Something untidy, where it is, and what to do about it.
 *
 * @param file the file, seen from the project's folder
 * @param line the line, from 1
 * @param what what is wrong, beginning with "Cannot"
 * @param remedy what to do
 */
record Finding(String file, int line, String what, String remedy) {

    @Override
    public String toString() {
        return "%s:%d: %s: %s".formatted(file, line, what, remedy);
    }
}
