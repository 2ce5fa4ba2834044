package io.respawn.journal;

import io.respawn.journal.StateDirectory.Held;
import io.respawn.journal.StateDirectory.Unusable;
import io.respawn.journal.StateDirectory.Usable;
import io.respawn.linux.FileLock;
import io.respawn.linux.LinuxException;
import io.respawn.linux.PrivateDirectory;
import io.respawn.linux.PrivateDirectory.Outcome;
import io.respawn.model.SidecarId;
import io.respawn.model.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Tries the places where a state directory may be, in their order. */
final class StateDirectories {

    private StateDirectories() {}

    static StateDirectory open(List<Path> candidates) {
        List<String> reasons = new ArrayList<>();
        for (Path candidate : candidates) {
            switch (open(candidate)) {
                case Unusable(String reason) -> reasons.add(reason);
                case Usable usable -> {
                    return usable;
                }
                case Held held -> {
                    return held;
                }
            }
        }
        return new Unusable("Cannot keep any state on disk: " + String.join("; ", reasons)
                + "; set respawn.state-directory to a directory that this user can write");
    }

    private static StateDirectory open(Path path) {
        Path parent = path.toAbsolutePath().normalize().getParent();
        if (parent != null && Files.isSymbolicLink(parent)) {
            return new Unusable("Cannot use " + path + ": " + parent + " is a symbolic link");
        }
        if (PrivateDirectory.prepare(path) instanceof Outcome.Refused(String words)) {
            return new Unusable(words);
        }
        return locked(path, FileLock::tryLock);
    }

    static StateDirectory locked(Path path, Function<Path, Optional<FileLock.Lock>> take) {
        Path file = path.resolve("lock");
        try {
            Optional<FileLock.Lock> lock = take.apply(file);
            return lock.isPresent() ? new Usable(path, lock.get()) : held(path, file);
        } catch (LinuxException failed) {
            return new Unusable(String.valueOf(failed.getMessage()));
        }
    }

    private static Held held(Path path, Path file) {
        return new Held(
                path,
                "Cannot use " + path + ": the sidecar with pid " + holder(file)
                        + " uses it; stop that one first, or give this one another id or state directory");
    }

    private static String holder(Path file) {
        try {
            return Text.shown(Files.readString(file));
        } catch (IOException unreadable) {
            return "unknown (" + Reasons.of(unreadable) + ")";
        }
    }

    static List<Path> candidates(Optional<Path> configured, SidecarId id, Map<String, String> environment) {
        return configured.map(path -> configured(path, id)).orElseGet(() -> defaults(id, environment));
    }

    private static List<Path> configured(Path path, SidecarId id) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !isOurs(path)
                ? List.of(path.resolve(id.value()))
                : List.of(path);
    }

    private static boolean isOurs(Path path) {
        try {
            return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                    .equals(User.effectiveId());
        } catch (IOException unknown) {
            // Preparing the directory meets the same obstacle and reports it.
            return true;
        }
    }

    private static List<Path> defaults(SidecarId id, Map<String, String> environment) {
        List<Path> candidates = new ArrayList<>();
        candidates.add(Path.of("/run/respawn", id.value()));
        Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
                .filter(directory -> directory.startsWith("/"))
                .ifPresent(directory -> candidates.add(Path.of(directory, "respawn", id.value())));
        candidates.add(Path.of("/tmp", "respawn-" + User.effectiveId(), id.value()));
        return candidates;
    }
}
