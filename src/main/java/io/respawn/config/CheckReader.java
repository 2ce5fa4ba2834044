package io.respawn.config;

import io.respawn.model.Probe;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what a probe asks by, which is also what a hook does. */
final class CheckReader {

    private final String path;
    private final String cannot;
    private final Mistakes mistakes;

    /**
     * Reads nothing yet.
     *
     * @param cannot what cannot be done if it is wrong, as in "Cannot probe"
     */
    CheckReader(String path, String cannot, Mistakes mistakes) {
        this.path = path;
        this.cannot = cannot;
        this.mistakes = mistakes;
    }

    Optional<Probe.Check> read(
            Optional<ProbeConfig.HttpGet> get,
            Optional<ProbeConfig.TcpSocket> socket,
            Optional<ProbeConfig.Exec> exec) {
        long given = Stream.of(get, socket, exec).filter(Optional::isPresent).count();
        if (given != 1) {
            String found = given == 0 ? "no check" : given + " checks";
            mistakes.add(path, cannot + " with " + found + ": give exactly one of 'http-get', 'tcp-socket' and 'exec'");
            return Optional.empty();
        }
        return get.flatMap(this::http).or(() -> socket.flatMap(this::tcp)).or(() -> exec.flatMap(this::exec));
    }

    private Optional<Probe.Check> http(ProbeConfig.HttpGet get) {
        Fields of = new Fields(Paths.join(path, "http-get"), mistakes);
        Optional<Integer> port = of.read("port", get.port().orElse(""), this::port);
        Optional<String> uri = of.read("path", get.path(), text -> new Probe.HttpGet(1, text).path());
        return port.flatMap(p -> uri.map(text -> new Probe.HttpGet(p, text)));
    }

    private Optional<Probe.Check> tcp(ProbeConfig.TcpSocket socket) {
        Fields of = new Fields(Paths.join(path, "tcp-socket"), mistakes);
        return of.read("port", socket.port().orElse(""), this::port).map(Probe.TcpSocket::new);
    }

    private Optional<Probe.Check> exec(ProbeConfig.Exec exec) {
        String at = Paths.join(Paths.join(path, "exec"), "command");
        List<String> command = exec.command().orElse(List.of());
        for (int i = 0; i < command.size(); i++) {
            if (command.get(i).indexOf('\0') >= 0) {
                mistakes.add(Paths.element(at, i), "Cannot hand a NUL character to a process: remove it");
            }
        }
        if (command.isEmpty() || command.getFirst().isBlank()) {
            mistakes.add(
                    at,
                    cannot
                            + " by nothing: name the program and its arguments, such as [ \"/srv/alive\", \"--quick\" ]");
            return Optional.empty();
        }
        return Optional.of(new Probe.Exec(command));
    }

    private int port(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(cannot + " without a port: give one of 1 to 65535");
        }
        return new Probe.TcpSocket(Values.integer(text)).port();
    }
}
