package io.respawn.app;

import io.respawn.codec.ComponentForm;
import io.respawn.codec.Seal;
import io.respawn.config.Settings;
import io.respawn.core.Batch;
import io.respawn.core.Continuation;
import io.respawn.core.Service;
import io.respawn.linux.Duplicates;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.probe.KeptHook;
import io.respawn.probe.KeptProbing;
import io.respawn.probe.KeptSocket;
import io.respawn.process.KeptHold;
import io.respawn.process.KeptOutput;
import io.respawn.process.KeptStart;
import io.respawn.process.KeptTimer;
import io.respawn.supervise.KeptUsage;
import io.respawn.supervise.RespawnCounts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All that one image of the sidecar hands to the next, which needs nothing else to go on.
 *
 * @param unacknowledged batches that Kafka may not have
 * @param starts ordered, and not begun
 * @param place the state directory, unless there is none
 * @param trouble why there is none
 * @param anchor the moment at which the boot clock stood at zero
 * @param left the reading of the boot clock when the image was given up, in nanoseconds
 * @param intent who ordered it; nobody when the sidecar did by itself
 * @param failures how often in a row the framework has not come up
 * @param holds on processes that are not our children
 * @param counts how often this process did this before
 * @param usages what was counted of what services use
 * @param hooks that are under way as processes
 */
record Capsule(
        Plan plan,
        Settings settings,
        Map<String, String> frameworkProperties,
        Continuation continuation,
        List<Batch> unacknowledged,
        List<KeptTimer> timers,
        List<KeptStart> starts,
        List<KeptProbing> probings,
        Optional<KeptSocket> socket,
        KeptOutput output,
        Optional<Place> place,
        Optional<String> trouble,
        Instant anchor,
        long left,
        Optional<IntentId> intent,
        int failures,
        List<KeptHold> holds,
        RespawnCounts counts,
        List<KeptUsage> usages,
        List<KeptHook> hooks) {

    /** The version that this program writes, and the newest that it reads. */
    static final int VERSION = 1;

    /**
     * The state directory.
     *
     * @param lock the descriptor of its lock, to be kept over {@code execve}
     */
    record Place(Path directory, int lock) {}

    Capsule {
        frameworkProperties = Map.copyOf(frameworkProperties);
        unacknowledged = List.copyOf(unacknowledged);
        timers = List.copyOf(timers);
        starts = List.copyOf(starts);
        probings = List.copyOf(probings);
        holds = List.copyOf(holds);
        usages = List.copyOf(usages);
        hooks = List.copyOf(hooks);
    }

    /**
     * Opens a sealed one.
     *
     * @param unknown is told of what a newer version wrote and this one skips
     * @throws io.respawn.codec.CodecException when it cannot be read, in words
     */
    static Capsule read(byte[] sealed, List<String> unknown) {
        return form(unknown::add).decode("a capsule", Capsule.class, Seal.open(sealed, VERSION));
    }

    byte[] sealed() {
        return Seal.close(VERSION, form(ignored -> {}).encode(this));
    }

    private static ComponentForm form(Consumer<String> unknown) {
        return new ComponentForm(unknown, Map.of(Path.class, Path::of));
    }

    /** The descriptors in it. */
    Set<Integer> descriptors() {
        Set<Integer> all = new HashSet<>();
        output.pipes().forEach(pipe -> all.add(pipe.descriptor()));
        holds.forEach(hold -> all.add(hold.descriptor()));
        socket.ifPresent(open -> all.add(open.descriptor()));
        place.ifPresent(held -> all.add(held.lock()));
        return all;
    }

    /** The same with other descriptors of what it holds, for somebody else in this process. */
    Capsule duplicate() {
        return new Capsule(
                plan,
                settings,
                frameworkProperties,
                continuation,
                unacknowledged,
                timers,
                starts,
                probings,
                socket.map(KeptSocket::duplicate),
                output.duplicate(),
                place.map(held -> new Place(held.directory(), Duplicates.of(held.lock()))),
                trouble,
                anchor,
                left,
                intent,
                failures,
                holds.stream().map(KeptHold::duplicate).toList(),
                counts,
                usages,
                hooks);
    }

    /** Closes the descriptors of a duplicate that nobody takes over. */
    void close() {
        descriptors().forEach(Duplicates::close);
    }

    List<Service> services() {
        return continuation.records().stream()
                .filter(Service.class::isInstance)
                .map(Service.class::cast)
                .toList();
    }

    /** What is in it, for people. */
    String words() {
        long processes = services().stream()
                .flatMap(service -> service.instances().stream())
                .filter(instance -> instance.state().identity().isPresent())
                .count();
        List<String> parts = new ArrayList<>();
        parts.add(processes + " processes");
        parts.add(timers.size() + " timers");
        parts.add(output.pipes().size() + " pipes");
        parts.add(starts.size() + " starts");
        parts.add(unacknowledged.size() + " batches");
        return String.join(", ", parts);
    }

    /** Names and counts: values may be secrets. */
    @Override
    public String toString() {
        return "Capsule[" + plan.id() + ": " + words() + "]";
    }
}
