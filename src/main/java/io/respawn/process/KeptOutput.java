package io.respawn.process;

import io.respawn.linux.Duplicates;
import io.respawn.model.InstanceId;
import io.respawn.supervise.OutputReader.Line;
import io.respawn.supervise.OutputReader.Stream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The output of services on its way from one image of the sidecar to the next.
 *
 * @param pipes all that are read; what is in them stays there
 * @param lines the last ones of each instance
 * @param console what standard output has not taken yet, in Base64
 * @param directory where the pipes are, once there are some
 * @param triggers which lines were answered last, and when
 */
public record KeptOutput(
        List<Pipe> pipes, List<Line> lines, String console, Optional<Path> directory, List<KeptTrigger> triggers) {

    /** Nothing came along. */
    public static final KeptOutput NONE = new KeptOutput(List.of(), List.of(), "", Optional.empty());

    public KeptOutput {
        pipes = List.copyOf(pipes);
        lines = List.copyOf(lines);
        triggers = List.copyOf(triggers);
    }

    /** No line was answered. */
    public KeptOutput(List<Pipe> pipes, List<Line> lines, String console, Optional<Path> directory) {
        this(pipes, lines, console, directory, List.of());
    }

    /** The same with other descriptors of the pipes. */
    public KeptOutput duplicate() {
        return new KeptOutput(pipes.stream().map(Pipe::duplicate).toList(), lines, console, directory, triggers);
    }

    static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] bytes(String text) {
        return Base64.getDecoder().decode(text);
    }

    /**
     * A pipe.
     *
     * @param descriptor our end of it, to be kept over {@code execve}
     * @param half what was read and has no line end yet, in Base64
     * @param borders so many bytes from here a process ends and its successor begins
     */
    public record Pipe(InstanceId instance, Stream stream, int descriptor, String half, List<Long> borders) {
        public Pipe {
            borders = List.copyOf(borders);
        }

        private Pipe duplicate() {
            return new Pipe(instance, stream, Duplicates.of(descriptor), half, borders);
        }
    }
}
