package io.respawn.probe;

import io.respawn.linux.ProcFs;
import io.respawn.linux.UnixAddress;
import io.respawn.model.SidecarId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Knows where the notify socket may be, the best place first; the same in every life, since services keep the name. */
final class NotifyPlaces {

    private NotifyPlaces() {}

    /**
     * In the state directory, where no other user comes near, else under an abstract name that is made of that path. Paths
     * of sockets are short, and not every file system has sockets; an abstract name is open to all users of its network
     * namespace, and only known there.
     */
    static List<UnixAddress> of(SidecarId sidecar, Optional<Path> stateDirectory) {
        List<UnixAddress> places = new ArrayList<>();
        Optional<Path> file =
                stateDirectory.map(directory -> directory.toAbsolutePath().resolve("notify"));
        file.filter(UnixAddress::fits).ifPresent(path -> places.add(new UnixAddress(path.toString())));
        String whose = ProcFs.ownUser() + " " + file.map(Path::toString).orElse("");
        String mark =
                UUID.nameUUIDFromBytes(whose.getBytes(StandardCharsets.UTF_8)).toString();
        places.add(new UnixAddress("@respawn-" + sidecar + "-" + mark.substring(0, 8)));
        return places;
    }
}
