package io.respawn.config;

import io.respawn.model.Hook;
import io.respawn.model.HookPoint;
import io.respawn.model.Hooks;
import io.respawn.model.Probe;
import java.time.Duration;
import java.util.Optional;

/** Reads the hooks of a service. */
final class HookReader {

    /** What follows when a hook before a start fails. */
    private enum Start {
        FAIL,
        SKIP
    }

    /** What follows when a hook after a start fails. */
    private enum Started {
        RESTART,
        IGNORE
    }

    private final String path;
    private final HookPoint point;
    private final Mistakes mistakes;
    private final Fields fields;

    private HookReader(String path, HookPoint point, Mistakes mistakes) {
        this.path = Paths.join(path, point.word());
        this.point = point;
        this.mistakes = mistakes;
        this.fields = new Fields(this.path, mistakes);
    }

    /** The hooks at the path. */
    static Hooks read(String path, ServiceConfig.Hooks raw, Mistakes mistakes) {
        return new Hooks(
                raw.preStart().flatMap(hook -> new HookReader(path, HookPoint.PRE_START, mistakes).preStart(hook)),
                raw.postStart().flatMap(hook -> new HookReader(path, HookPoint.POST_START, mistakes).postStart(hook)),
                raw.preStop()
                        .flatMap(hook -> new HookReader(path, HookPoint.PRE_STOP, mistakes).hook(hook, hook.timeout())),
                raw.postStop()
                        .flatMap(hook ->
                                new HookReader(path, HookPoint.POST_STOP, mistakes).hook(hook, hook.timeout())));
    }

    private Optional<Hooks.PreStart> preStart(HookConfig.PreStart said) {
        Optional<Start> consequence =
                fields.read("on-failure", said.onFailure(), text -> Values.word(text, Start.class));
        return hook(said, said.timeout())
                .flatMap(hook -> consequence.map(word -> new Hooks.PreStart(hook, word == Start.SKIP)));
    }

    private Optional<Hooks.PostStart> postStart(HookConfig.PostStart said) {
        Optional<Started> consequence =
                fields.read("on-failure", said.onFailure(), text -> Values.word(text, Started.class));
        return hook(said, said.timeout())
                .flatMap(hook -> consequence.map(word -> new Hooks.PostStart(hook, word == Started.RESTART)));
    }

    private Optional<Hook> hook(HookConfig said, String timeout) {
        Optional<Probe.Check> action = new CheckReader(path, "Cannot run a " + point.word() + " hook", mistakes)
                .read(said.httpGet(), said.tcpSocket(), said.exec());
        Optional<Duration> limit = fields.read("timeout", timeout, Values::duration);
        return action.flatMap(does ->
                limit.flatMap(time -> mistakes.attempt(Paths.join(path, "timeout"), () -> new Hook(does, time))));
    }
}
