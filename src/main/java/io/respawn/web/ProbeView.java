package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.model.Probe;
import io.respawn.model.Probes;
import io.respawn.model.Signal;
import org.jspecify.annotations.Nullable;

/**
 * How a service is asked how it is, as the API shows it.
 *
 * @param check the URL, the address or the command
 * @param initialDelay before the first probe
 * @param period from probe to probe
 * @param timeout of one probe
 * @param successThreshold successes in a row that count as a yes
 * @param failureThreshold failures in a row that count as a no
 * @param action what follows from a no: restart or none; of liveness probes only
 * @param signal sent before the stop signal; of liveness probes only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProbeView(
        String check,
        String initialDelay,
        String period,
        String timeout,
        int successThreshold,
        int failureThreshold,
        @Nullable String action,
        @Nullable String signal) {

    static ProbeView of(Probe probe) {
        return of(probe, null, null);
    }

    static ProbeView of(Probes.Liveness liveness) {
        return of(
                liveness.probe(),
                liveness.restarts() ? "restart" : "none",
                liveness.first().map(Signal::toString).orElse(null));
    }

    private static ProbeView of(Probe probe, @Nullable String action, @Nullable String signal) {
        return new ProbeView(
                check(probe.check()),
                probe.initialDelay().toString(),
                probe.period().toString(),
                probe.timeout().toString(),
                probe.successThreshold(),
                probe.failureThreshold(),
                action,
                signal);
    }

    static String check(Probe.Check check) {
        return switch (check) {
            case Probe.HttpGet http -> "http://127.0.0.1:" + http.port() + http.path();
            case Probe.TcpSocket tcp -> "tcp://127.0.0.1:" + tcp.port();
            case Probe.Exec exec -> String.join(" ", exec.command());
        };
    }
}
