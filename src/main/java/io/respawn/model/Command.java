package io.respawn.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An order as it was understood: the fields of DESIGN's command, checked one by one but not yet against the plan.
 *
 * @param id chosen by the sender, or made from the position
 * @param source who sends: the CloudEvent source, {@code api}, {@code cli}, {@code schedule}; empty for plain JSON
 * @param service required when {@link Action#needsService()}
 * @param instance one copy only; all copies when empty
 * @param instances for {@link Action#SCALE}: how many, 1 to 1000
 * @param signal for {@link Action#SIGNAL}
 * @param target for {@link Action#CANCEL}: the intent to cancel
 * @param priority -100 to 100, higher first; 0 unless said
 * @param bodyHash tells the same id with the same body from the same id with another one
 */
public record Command(
        IntentId id,
        String source,
        Action action,
        Optional<ServiceName> service,
        OptionalInt instance,
        OptionalInt instances,
        Optional<Signal> signal,
        Optional<IntentId> target,
        String reason,
        String requestedBy,
        int priority,
        Optional<Instant> notBefore,
        Optional<Instant> expiresAt,
        OptionalLong ifIncarnation,
        WaitFor waitFor,
        Optional<Duration> gracePeriod,
        boolean force,
        String traceparent,
        long bodyHash) {

    public Command {
        if (action.needsService() && service.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot " + action.word() + " without a service: add the field 'service'");
        }
        if (action == Action.SIGNAL && signal.isEmpty()) {
            throw new IllegalArgumentException("Cannot send no signal: add the field 'signal', for example \"HUP\"");
        }
        if (action == Action.SCALE && instances.isEmpty()) {
            throw new IllegalArgumentException("Cannot scale without a number: add the field 'instances'");
        }
        if (instances.isPresent() && (instances.getAsInt() < 1 || instances.getAsInt() > ServiceSpec.MOST_INSTANCES)) {
            throw new IllegalArgumentException("Cannot run " + instances.getAsInt()
                    + " instances: 1 to 1000 are allowed; stop the service to have none");
        }
        if (action == Action.CANCEL && target.isEmpty()) {
            throw new IllegalArgumentException("Cannot cancel nothing: add the field 'intent' with the id to cancel");
        }
        if (priority < -100 || priority > 100) {
            throw new IllegalArgumentException("Cannot use priority " + priority + ": -100 to 100 are allowed");
        }
        source = Text.bounded(source);
        reason = Text.bounded(reason);
        requestedBy = Text.bounded(requestedBy);
        traceparent = Text.bounded(traceparent);
    }

    /** What it takes to keep it, in bytes, roughly. */
    public int size() {
        int texts = id.value().length()
                + source.length()
                + reason.length()
                + requestedBy.length()
                + traceparent.length()
                + target.map(other -> other.value().length()).orElse(0);
        return 300 + 2 * texts;
    }

    /** The same with another hash. */
    public Command hashed(long hash) {
        return with(instance, reason, requestedBy, hash);
    }

    /** The same with words for why, and for who wants it. */
    public Command because(String why, String by) {
        return with(instance, why, by, bodyHash);
    }

    /** The same for one copy only. */
    public Command at(int index) {
        return with(OptionalInt.of(index), reason, requestedBy, bodyHash);
    }

    /** The same for one process only: another one is not meant. */
    public Command at(int index, long incarnation) {
        return with(OptionalInt.of(index), reason, requestedBy, expiresAt, OptionalLong.of(incarnation), bodyHash);
    }

    /** The same, which comes too late from then on. */
    public Command until(Instant end) {
        return with(instance, reason, requestedBy, Optional.of(end), ifIncarnation, bodyHash);
    }

    private Command with(OptionalInt one, String why, String by, long hash) {
        return with(one, why, by, expiresAt, ifIncarnation, hash);
    }

    private Command with(
            OptionalInt one, String why, String by, Optional<Instant> end, OptionalLong incarnation, long hash) {
        return new Command(
                id,
                source,
                action,
                service,
                one,
                instances,
                signal,
                target,
                why,
                by,
                priority,
                notBefore,
                end,
                incarnation,
                waitFor,
                gracePeriod,
                force,
                traceparent,
                hash);
    }

    /** A command with nothing but what every command has. */
    public static Command of(IntentId id, String source, Action action, Optional<ServiceName> service) {
        return of(id, source, action, service, "", "");
    }

    /** The order to load the sidecar anew; why, and by whom it is given. */
    public static Command respawn(IntentId id, String source, String reason, String requestedBy) {
        return of(id, source, Action.RESPAWN, Optional.empty(), reason, requestedBy);
    }

    /**
     * An order that the sidecar gives itself, about this process of an instance and no later one.
     *
     * @param source who found that it is due
     */
    public static Command about(
            IntentId id, String source, Action action, InstanceId instance, long incarnation, String reason) {
        return about(id, source, action, Optional.empty(), instance, incarnation, reason);
    }

    /** The same with a signal. */
    public static Command about(
            IntentId id,
            String source,
            Action action,
            Optional<Signal> signal,
            InstanceId instance,
            long incarnation,
            String reason) {
        return new Command(
                id,
                source,
                action,
                Optional.of(instance.service()),
                OptionalInt.of(instance.index()),
                OptionalInt.empty(),
                signal,
                Optional.empty(),
                reason,
                source,
                0,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.of(incarnation),
                WaitFor.STARTED,
                Optional.empty(),
                false,
                "",
                0);
    }

    private static Command of(
            IntentId id,
            String source,
            Action action,
            Optional<ServiceName> service,
            String reason,
            String requestedBy) {
        return new Command(
                id,
                source,
                action,
                service,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                reason,
                requestedBy,
                0,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                WaitFor.STARTED,
                Optional.empty(),
                false,
                "",
                0);
    }
}
