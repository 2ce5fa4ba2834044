package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.model.Hook;
import io.respawn.model.Hooks;
import org.jspecify.annotations.Nullable;

/**
 * What is done at the turns of a process's life, as the API shows it; what is not is absent.
 *
 * @param preStart before each start
 * @param postStart once it has come up
 * @param preStop before it is asked to end
 * @param postStop after its end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HooksView(
        @Nullable Declared preStart,
        @Nullable Declared postStart,
        @Nullable Declared preStop,
        @Nullable Declared postStop) {

    /**
     * One hook.
     *
     * @param action the URL, the address or the command
     * @param timeout how long it may take
     * @param onFailure fail or skip before a start, restart or ignore after it; absent with the others
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Declared(
            String action, String timeout, @Nullable String onFailure) {
        static Declared of(Hook hook) {
            return of(hook, null);
        }

        static Declared of(Hook hook, @Nullable String onFailure) {
            return new Declared(ProbeView.check(hook.action()), hook.timeout().toString(), onFailure);
        }
    }

    static @Nullable HooksView of(Hooks hooks) {
        return hooks.equals(Hooks.DEFAULT)
                ? null
                : new HooksView(
                        hooks.preStart()
                                .map(each -> Declared.of(each.hook(), each.skips() ? "skip" : "fail"))
                                .orElse(null),
                        hooks.postStart()
                                .map(each -> Declared.of(each.hook(), each.restarts() ? "restart" : "ignore"))
                                .orElse(null),
                        hooks.preStop().map(Declared::of).orElse(null),
                        hooks.postStop().map(Declared::of).orElse(null));
    }
}
