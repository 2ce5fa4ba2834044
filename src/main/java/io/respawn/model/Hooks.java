package io.respawn.model;

import java.util.Optional;

/**
 * All that is done at the turns of a service's processes.
 *
 * @param preStart before each start
 * @param postStart once it has come up
 * @param preStop before it is asked to end
 * @param postStop after its end
 */
public record Hooks(
        Optional<PreStart> preStart, Optional<PostStart> postStart, Optional<Hook> preStop, Optional<Hook> postStop) {

    /** Nothing is done. */
    public static final Hooks DEFAULT =
            new Hooks(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A look at whether it can be started.
     *
     * @param skips whether a no means that there is nothing to start; else the start has failed
     */
    public record PreStart(Hook hook, boolean skips) {}

    /**
     * What is to be done before it is used.
     *
     * @param restarts whether the process ends when this fails; else that is only reported
     */
    public record PostStart(Hook hook, boolean restarts) {}

    /** What is done at that turn. */
    public Optional<Hook> at(HookPoint point) {
        return switch (point) {
            case PRE_START -> preStart.map(PreStart::hook);
            case POST_START -> postStart.map(PostStart::hook);
            case PRE_STOP -> preStop;
            case POST_STOP -> postStop;
        };
    }
}
