package io.respawn.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Finds users and groups by name, in {@code /etc/passwd} and {@code /etc/group}; a number needs no entry there. */
public final class Accounts {

    private static final long HIGHEST = 0xFFFF_FFFEL;

    private final Path users;
    private final Path groups;

    /**
     * A user.
     *
     * @param name absent for a number without an entry
     * @param group the primary one, by its entry
     */
    public record User(Optional<String> name, int uid, OptionalInt group) {}

    /** Those of this machine. */
    public Accounts() {
        this(Path.of("/etc/passwd"), Path.of("/etc/group"));
    }

    Accounts(Path users, Path groups) {
        this.users = users;
        this.groups = groups;
    }

    /** A user by name or number. */
    public Optional<User> user(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        Optional<User> found = entries(users, 4)
                .filter(entry -> number.isPresent() ? number(entry[2]).equals(number) : entry[0].equals(nameOrNumber))
                .findFirst()
                .filter(entry -> number(entry[2]).isPresent())
                .map(entry -> new User(Optional.of(entry[0]), number(entry[2]).orElseThrow(), number(entry[3])));
        return found.or(() -> number.stream()
                .mapToObj(uid -> new User(Optional.empty(), uid, OptionalInt.empty()))
                .findFirst());
    }

    /** A group by name or number. */
    public OptionalInt group(String nameOrNumber) {
        OptionalInt number = number(nameOrNumber);
        return number.isPresent()
                ? number
                : entries(groups, 3)
                        .filter(entry -> entry[0].equals(nameOrNumber))
                        .map(entry -> number(entry[2]))
                        .findFirst()
                        .orElse(OptionalInt.empty());
    }

    /** All groups of a user: the primary one and those that name it as a member. */
    public List<Integer> groups(User user, int primary) {
        List<Integer> all = new ArrayList<>(List.of(primary));
        entries(groups, 4)
                .filter(entry -> user.name()
                        .filter(name -> List.of(entry[3].split(",", -1)).contains(name))
                        .isPresent())
                .forEach(entry -> number(entry[2]).ifPresent(gid -> {
                    if (!all.contains(gid)) {
                        all.add(gid);
                    }
                }));
        return all;
    }

    private static Stream<String[]> entries(Path file, int fields) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(":", -1))
                    .filter(entry -> entry.length >= fields);
        } catch (IOException unreadable) {
            // An image may have none: then there are only numbers.
            return Stream.empty();
        }
    }

    /** Numbers are unsigned; the highest of all means none. */
    private static OptionalInt number(String text) {
        if (!text.matches("\\d{1,10}")) {
            return OptionalInt.empty();
        }
        long number = Long.parseLong(text);
        return number <= HIGHEST ? OptionalInt.of((int) number) : OptionalInt.empty();
    }
}
