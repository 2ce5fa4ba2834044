package io.respawn.journal;

import io.respawn.codec.BatchCodec;
import io.respawn.codec.CodecException;
import io.respawn.codec.SpawnCodec;
import io.respawn.core.Event.Noted;
import io.respawn.model.HostIdentity;
import io.respawn.model.InstanceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the files of a journal: the newest whole snapshot, then the logs behind it, up to the first damage. */
final class Recovery {

    private final JournalFiles files;
    private final HostIdentity host;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final BatchCodec batches = new BatchCodec(this::skipped);
    private final SpawnCodec notes = new SpawnCodec(this::skipped);
    private Fold fold = new Fold();

    Recovery(JournalFiles files, HostIdentity host) {
        this.files = files;
        this.host = host;
    }

    Restored run() throws IOException {
        long from = snapshot();
        boolean damaged = false;
        SortedMap<Long, Path> logs = files.logs().tailMap(from);
        for (Map.Entry<Long, Path> log : logs.entrySet()) {
            if (damaged) {
                // What follows a hole would be put on top of a state it was not decided on.
                setAside(log.getValue(), "what comes before it is damaged");
            } else {
                damaged = !log(log.getValue());
            }
        }
        Fold.Image image = fold.image();
        Map<InstanceId, Noted> newest =
                image.notes().stream().collect(Collectors.toMap(Noted::instance, Function.identity()));
        return new Restored(image.ledger(), image.records(), image.unacknowledged(), newest, List.copyOf(warnings));
    }

    /** Reads the newest whole snapshot and answers with the number of the first log behind it. */
    private long snapshot() throws IOException {
        for (Map.Entry<Long, Path> entry : files.snapshots().reversed().entrySet()) {
            Path path = entry.getValue();
            Scan scan = Scan.of(path, ByteBuffer.wrap(Files.readAllBytes(path)));
            boolean whole = scan.isClean() && scan.hasWholeImage();
            boolean last = files.snapshots().headMap(entry.getKey()).isEmpty()
                    && files.logs().headMap(entry.getKey()).isEmpty();
            // Half a state would be taken for all of it, and what it lacks for what is gone.
            boolean usable = whole || (last && scan.hasWholeState());
            if (usable) {
                scan.frames().forEach(frame -> apply(path, scan, frame));
            }
            if (whole) {
                return entry.getKey();
            }
            if (last) {
                int used = usable ? scan.frames().size() : 0;
                setAside(path, "it is not whole and there is nothing older; its first " + used + " entries are used");
                return entry.getKey();
            }
            setAside(path, "it is not whole; what it was made from is used");
        }
        return 0;
    }

    /** Reads a log and answers whether it was sound up to its end; a torn end is cut off and counts as sound. */
    private boolean log(Path path) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
        Scan scan = Scan.of(path, file);
        if (scan.beginsWithImage() && !scan.hasWholeImage()) {
            setAside(path, "the image at its beginning is not whole");
            return false;
        }
        scan.frames().forEach(frame -> apply(path, scan, frame));
        if (!scan.isClean()) {
            cutOff(path, file, scan);
        }
        return scan.isClean() || scan.isTorn();
    }

    private void cutOff(Path path, ByteBuffer file, Scan scan) throws IOException {
        String bytes = "Cannot use the last " + (file.limit() - scan.good()) + " bytes of " + path + ": ";
        if (scan.isTorn()) {
            warnings.add(bytes + "their entry was never finished; they are cut off");
        } else {
            Path aside = files.asideName(path);
            byte[] rest = new byte[file.limit() - scan.good()];
            file.get(scan.good(), rest);
            Files.write(aside, rest, StandardOpenOption.CREATE_NEW);
            warnings.add(bytes + "an entry in their midst is damaged; they are set aside as " + aside);
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(scan.good());
        }
    }

    private void apply(Path path, Scan scan, Frame frame) {
        try {
            switch (frame.kind()) {
                case BATCH -> fold.batches(List.of(batches.decode(frame.bytes())));
                case RESET -> reset(frame);
                case MORE -> fold.state(batches.decode(frame.bytes()));
                case ACKNOWLEDGED -> fold.acknowledged(frame.content().getLong(0));
                case NOTED -> note(scan.host(), frame);
                case END -> {}
            }
        } catch (CodecException unknown) {
            throw new CodecException("Cannot read " + path + ", which is sound: " + unknown.reason(), unknown);
        }
    }

    private void reset(Frame frame) {
        fold = new Fold();
        if (frame.content().hasRemaining()) {
            fold.state(batches.decode(frame.bytes()));
        }
    }

    private void note(Optional<HostIdentity> writer, Frame frame) {
        // Process numbers of another boot or namespace mean nothing here, and could hit a stranger.
        if (writer.equals(Optional.of(host))) {
            fold.noted(notes.decode(frame.bytes()));
        }
    }

    private void setAside(Path path, String why) throws IOException {
        Path aside = files.asideName(path);
        Files.move(path, aside);
        warnings.add("Cannot use " + path + ": " + why + "; it is set aside as " + aside);
    }

    private void skipped(String field) {
        warnings.add("Skipped the unknown field '" + field + "': a newer version wrote it");
    }
}
