package io.respawn.testing;

import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.Signal;
import io.respawn.model.WaitFor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes commands for tests, field by field; what is not said is as in a command without that field. Not thread-safe. */
public final class Commands {

    private final IntentId id;
    private final Action action;
    private String source = "test";
    private Optional<ServiceName> service = Optional.empty();
    private OptionalInt instance = OptionalInt.empty();
    private OptionalInt instances = OptionalInt.empty();
    private Optional<Signal> signal = Optional.empty();
    private Optional<IntentId> target = Optional.empty();
    private String reason = "";
    private String requestedBy = "";
    private int priority;
    private Optional<Instant> notBefore = Optional.empty();
    private Optional<Instant> expiresAt = Optional.empty();
    private OptionalLong ifIncarnation = OptionalLong.empty();
    private WaitFor waitFor = WaitFor.STARTED;
    private Optional<Duration> gracePeriod = Optional.empty();
    private boolean force;
    private String traceparent = "";
    private long bodyHash;

    private Commands(IntentId id, Action action) {
        this.id = id;
        this.action = action;
    }

    public static Commands of(IntentId id, Action action) {
        return new Commands(id, action);
    }

    public static Commands of(String id, Action action) {
        return of(new IntentId(id), action);
    }

    public static Commands of(IntentId id, Action action, ServiceName service) {
        return of(id, action).service(service);
    }

    /** The order to take another one back. */
    public static Commands cancel(IntentId id, IntentId target) {
        return of(id, Action.CANCEL).target(target);
    }

    /** The order to send a signal. */
    public static Commands signal(IntentId id, ServiceName service, Signal signal) {
        Commands commands = of(id, Action.SIGNAL, service);
        commands.signal = Optional.of(signal);
        return commands;
    }

    /** The order to run so many instances. */
    public static Commands scale(IntentId id, ServiceName service, int instances) {
        Commands scale = of(id, Action.SCALE, service);
        scale.instances = OptionalInt.of(instances);
        return scale;
    }

    public Commands source(String text) {
        source = text;
        return this;
    }

    public Commands service(ServiceName name) {
        service = Optional.of(name);
        return this;
    }

    public Commands instance(int index) {
        instance = OptionalInt.of(index);
        return this;
    }

    public Commands target(IntentId other) {
        target = Optional.of(other);
        return this;
    }

    public Commands reason(String text) {
        reason = text;
        return this;
    }

    public Commands requestedBy(String text) {
        requestedBy = text;
        return this;
    }

    public Commands priority(int number) {
        priority = number;
        return this;
    }

    public Commands notBefore(Instant at) {
        notBefore = Optional.of(at);
        return this;
    }

    public Commands expiresAt(Instant at) {
        expiresAt = Optional.of(at);
        return this;
    }

    public Commands ifIncarnation(long number) {
        ifIncarnation = OptionalLong.of(number);
        return this;
    }

    public Commands waitFor(WaitFor condition) {
        waitFor = condition;
        return this;
    }

    public Commands gracePeriod(Duration span) {
        gracePeriod = Optional.of(span);
        return this;
    }

    public Commands force(boolean asked) {
        force = asked;
        return this;
    }

    public Commands traceparent(String text) {
        traceparent = text;
        return this;
    }

    public Commands bodyHash(long hash) {
        bodyHash = hash;
        return this;
    }

    public Command made() {
        return new Command(
                id,
                source,
                action,
                service,
                instance,
                instances,
                signal,
                target,
                reason,
                requestedBy,
                priority,
                notBefore,
                expiresAt,
                ifIncarnation,
                waitFor,
                gracePeriod,
                force,
                traceparent,
                bodyHash);
    }
}
