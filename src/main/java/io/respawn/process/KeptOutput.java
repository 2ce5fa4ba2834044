package io.respawn.process;

import io.respawn.linux.Duplicates;
import io.respawn.model.InstanceId;
import io.respawn.supervise.KeptForwarding;
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
 * @param forwarding what Kafka has not acknowledged
 */
public record KeptOutput(
        List<Pipe> pipes,
        List<Line> lines,
        String console,
        Optional<Path> directory,
        List<KeptTrigger> triggers,
        KeptForwarding forwarding) {

    /** Nothing came along. */
    public static final KeptOutput NONE =
            new KeptOutput(List.of(), List.of(), "", Optional.empty(), List.of(), KeptForwarding.DEFAULT);

    public KeptOutput {
        pipes = List.copyOf(pipes);
        lines = List.copyOf(lines);
        triggers = List.copyOf(triggers);
    }

    /** The same with other descriptors of the pipes. */
    public KeptOutput duplicate() {
        return new KeptOutput(
                pipes.stream().map(Pipe::duplicate).toList(), lines, console, directory, triggers, forwarding);
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
     * @param incarnation of the process whose lines come now, 0 when that is not known
     * @param incarnations of the successors
     */
    public record Pipe(
            InstanceId instance,
            Stream stream,
            int descriptor,
            String half,
            List<Long> borders,
            long incarnation,
            List<Long> incarnations) {
        public Pipe {
            borders = List.copyOf(borders);
            incarnations = List.copyOf(incarnations);
        }

        private Pipe duplicate() {
            return new Pipe(instance, stream, Duplicates.of(descriptor), half, borders, incarnation, incarnations);
        }
    }
}
