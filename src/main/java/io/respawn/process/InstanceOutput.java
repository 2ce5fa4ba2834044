package io.respawn.process;

import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.Fifo;
import io.respawn.linux.LinuxException;
import io.respawn.linux.Lookout;
import io.respawn.linux.Reactor;
import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.supervise.OutputReader.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The two pipes of an instance, the same ones over all its incarnations, and the file that both go to.
 *
 * <p>A pipe gets one piece a turn and then waits for all others that have something, so that none starves.
 */
final class InstanceOutput implements AutoCloseable {

    /** So long may half a line wait for its other half before it goes to the file as it is. */
    static final Duration LONGEST_HALF_LINE = Duration.ofMillis(100);

    /** What the reader's thread has for all instances. */
    static final class Desk implements AutoCloseable {
        private static final int BUFFER = 64 * 1024;

        private final Reactor reactor;
        private final Alarms<Runnable> alarms;
        private final Lookout lookout = new Lookout();
        private final byte[] buffer = new byte[BUFFER];
        private boolean closed;

        Desk(Reactor reactor) {
            this.reactor = reactor;
            this.alarms = new Alarms<>(reactor, Runnable::run);
        }

        /** On the reader's thread, or when that has ended; turns that still wait do nothing any more. */
        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            lookout.close();
            alarms.close();
        }
    }

    /** The ends of one process, to be closed after its start. */
    record Writers(Fifo.End output, Fifo.End errors) implements AutoCloseable {
        @Override
        public void close() {
            output.close();
            errors.close();
        }
    }

    /** What is to be done with a line. */
    interface Sink {
        void line(OutputPolicy policy, Written line);
    }

    private final Desk desk;
    private final Map<Stream, StreamReader> readers = new EnumMap<>(Stream.class);
    private final AtomicInteger writers = new AtomicInteger();
    private final LineTriggers triggers;
    private OutputPolicy policy = OutputPolicy.DEFAULT;
    private @Nullable LogFile log;

    /** What {@link #configure} made of it last; none if a file could not be had. */
    private volatile @Nullable OutputPolicy settled;

    /** {@code author} is a process that writes already, if one does. */
    InstanceOutput(
            InstanceId instance,
            Path directory,
            PipeRoom room,
            Desk desk,
            Author author,
            LineTriggers triggers,
            Sink sink)
            throws IOException {
        this.desk = desk;
        this.triggers = triggers;
        try {
            for (Stream stream : Stream.values()) {
                OutputPipe pipe = OutputPipe.at(directory.resolve(name(instance, stream)), room);
                readers.put(stream, reader(stream, pipe, author, sink));
            }
        } catch (IOException | LinuxException failed) {
            close();
            throw failed;
        }
    }

    /** Goes on with pipes that an earlier image of this process has read from; {@code author} is the newest process. */
    InstanceOutput(
            InstanceId instance,
            Path directory,
            Collection<KeptOutput.Pipe> kept,
            Desk desk,
            Author author,
            LineTriggers triggers,
            Sink sink) {
        this.desk = desk;
        this.triggers = triggers;
        for (KeptOutput.Pipe from : kept) {
            OutputPipe pipe = OutputPipe.inherited(directory.resolve(name(instance, from.stream())), from.descriptor());
            StreamReader reader = reader(from.stream(), pipe, author, sink);
            reader.goOn(from);
            readers.put(from.stream(), reader);
        }
    }

    private StreamReader reader(Stream stream, OutputPipe pipe, Author author, Sink sink) {
        StreamReader.Sink answered = line -> {
            sink.line(policy, line);
            triggers.look(line.incarnation(), line.text());
        };
        return new StreamReader(pipe, stream, answered, author);
    }

    /** Where its pipes stand, once there are no more turns. */
    List<KeptOutput.Pipe> kept(InstanceId instance) {
        return readers.entrySet().stream()
                .map(each -> each.getValue().kept(instance, each.getKey()))
                .toList();
    }

    /** {@code web-0.stdout}; the index stands last, so no two instances share a name. */
    static String name(InstanceId instance, Stream stream) {
        return instance.service() + "-" + instance.index() + "." + stream.word();
    }

    /** When its lines were answered last, once there are no more turns. */
    List<KeptTrigger> keptTriggers() {
        return triggers.kept();
    }

    /** Begins to read. On the reader's thread, like everything here but what is said to be otherwise. */
    void begin(OutputPolicy to, Function<OutputPolicy.File, Optional<LogFile>> files) {
        configure(to, files);
        readers.values().forEach(reader -> {
            Turns turns = new Turns(reader);
            // Reported once for every write: half a line may stay in the pipe without waking us again and again.
            desk.reactor.watch(reader.descriptor(), Epoll.IN | Epoll.EDGE, events -> turns.ready());
        });
    }

    /** From now on lines go where this says. */
    void configure(OutputPolicy to, Function<OutputPolicy.File, Optional<LogFile>> files) {
        if (log != null && !to.file().equals(policy.file())) {
            log.close();
            log = null;
        }
        if (log == null) {
            log = to.file().flatMap(files).orElse(null);
        }
        policy = to;
        triggers.follow(to.triggers());
        settled = log != null || to.file().isEmpty() ? to : null;
    }

    /** Whether lines go where this says, so that the reader need not be told. Any thread may call. */
    boolean isConfigured(OutputPolicy wanted) {
        return wanted.equals(settled);
    }

    /** The ends for the next process; a rest of its predecessor becomes a line of its own. Any thread may call. */
    Writers newWriters(Author next) {
        writers.incrementAndGet();
        readers.values().forEach(reader -> reader.border(next));
        Fifo.End output = reader(Stream.STDOUT).newWriter();
        try {
            return new Writers(output, reader(Stream.STDERR).newWriter());
        } catch (LinuxException failed) {
            output.close();
            throw failed;
        }
    }

    private StreamReader reader(Stream stream) {
        return Objects.requireNonNull(readers.get(stream));
    }

    /** How many processes got ends. Any thread may call. */
    int writers() {
        return writers.get();
    }

    /** Takes what is there and makes lines of rests, unless there is a later process, whose line may just be growing. */
    void finish(int lastWriter) {
        if (writers.get() == lastWriter) {
            readers.values().forEach(reader -> reader.finish(desk.buffer, desk.lookout, log));
        }
    }

    @Override
    public void close() {
        readers.values().forEach(StreamReader::close);
        if (log != null) {
            log.close();
        }
    }

    /** The turns of one stream; at most one is waiting. */
    private final class Turns implements Runnable {
        private final StreamReader reader;
        private boolean queued;
        private boolean half;

        Turns(StreamReader reader) {
            this.reader = reader;
        }

        void ready() {
            if (!queued) {
                take(true);
            }
        }

        /** Half a line has waited long enough. */
        @Override
        public void run() {
            take(false);
        }

        private void take(boolean patient) {
            if (desk.closed) {
                return;
            }
            boolean stillHalf =
                    switch (reader.turn(desk.buffer, desk.lookout, log, patient)) {
                        case NOTHING -> false;
                        case HALF_A_LINE -> true;
                        case SOMETHING -> {
                            goOn();
                            yield false;
                        }
                    };
            if (stillHalf && !half) {
                desk.alarms.set(this, BootClock.nanos() + LONGEST_HALF_LINE.toNanos());
            } else if (half && !stillHalf) {
                desk.alarms.cancel(this);
            }
            half = stillHalf;
        }

        private void goOn() {
            if (!queued) {
                queued = true;
                desk.reactor.execute(() -> {
                    queued = false;
                    take(true);
                });
            }
        }
    }
}
