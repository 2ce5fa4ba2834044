package io.respawn.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.respawn.journal.StateDirectory.Held;
import io.respawn.journal.StateDirectory.Unusable;
import io.respawn.journal.StateDirectory.Usable;
import io.respawn.model.SidecarId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateDirectoryIT {

    private static final SidecarId ID = new SidecarId("shop-1");

    @TempDir
    private Path root;

    @Test
    void makesADirectoryForItsOwnerAlone() throws IOException {
        // when
        Usable usable = usable(root.resolve("state"));

        // then
        try (var lock = usable.lock()) {
            assertThat(usable.path()).isEqualTo(root.resolve("state"));
            assertThat(Files.getPosixFilePermissions(usable.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(lock.path()).isEqualTo(root.resolve("state/lock"));
        }
    }

    @Test
    void tellsASecondSidecarWhoHoldsIt() {
        // given
        Path path = root.resolve("state");
        try (var lock = usable(path).lock()) {
            // when
            StateDirectory second = StateDirectory.open(Optional.of(path), ID, Map.of());

            // then
            assertThat(lock.fd()).isPositive();
            assertThat(second)
                    .isInstanceOfSatisfying(
                            Held.class,
                            held -> assertThat(held.reason())
                                    .isEqualTo(
                                            "Cannot use " + path + ": the sidecar with pid "
                                                    + ProcessHandle.current().pid()
                                                    + " uses it; stop that one first, or give this one another id or state directory"));
        }
        usable(path).lock().close();
    }

    @Test
    void followsNoSymbolicLink() throws IOException {
        // given
        Path target = Files.createDirectory(root.resolve("target"));
        Path link = Files.createSymbolicLink(root.resolve("link"), target);

        // then
        assertThat(StateDirectory.open(Optional.of(link), ID, Map.of()))
                .isInstanceOfSatisfying(
                        Unusable.class,
                        unusable -> assertThat(unusable.reason())
                                .startsWith("Cannot keep any state on disk: ")
                                .contains("symbolic link")
                                .contains("respawn.state-directory"));
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void saysWhyThereIsNone() {
        assertThat(StateDirectory.open(Optional.of(Path.of("/proc/respawn/state")), ID, Map.of()))
                .isInstanceOfSatisfying(
                        Unusable.class,
                        unusable -> assertThat(unusable.reason())
                                .startsWith("Cannot keep any state on disk: ")
                                .contains("/proc/respawn"));
    }

    @Test
    void usesADirectoryOfItsOwnWithinAVolumeOfSomebodyElse() throws IOException {
        // given
        assumeTrue(User.effectiveId() == 0, "only root can give a directory away");
        Path volume = Files.createDirectory(root.resolve("volume"));
        Files.setAttribute(volume, "unix:uid", 12345);

        // when
        Usable usable = usable(volume);

        // then
        usable.lock().close();
        assertThat(usable.path()).isEqualTo(volume.resolve("shop-1"));
    }

    @Test
    void looksInThreePlacesWhenNothingIsConfigured() {
        assertThat(StateDirectories.candidates(Optional.empty(), ID, Map.of("XDG_RUNTIME_DIR", "/run/user/7")))
                .isEqualTo(List.of(
                        Path.of("/run/respawn/shop-1"),
                        Path.of("/run/user/7/respawn/shop-1"),
                        Path.of("/tmp/respawn-" + User.effectiveId() + "/shop-1")));
        assertThat(StateDirectories.candidates(Optional.empty(), ID, Map.of())).hasSize(2);
    }

    private static Usable usable(Path path) {
        StateDirectory opened = StateDirectory.open(Optional.of(path), ID, Map.of());
        assertThat(opened).isInstanceOf(Usable.class);
        return (Usable) opened;
    }
}
