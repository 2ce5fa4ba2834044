package io.respawn.probe;

import io.respawn.linux.LinuxException;
import io.respawn.linux.UnixAddress;
import io.respawn.linux.UnixDatagram;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Hearing;
import io.respawn.supervise.Members;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one socket by which services say how they are, read on a thread of its own, so that no flood of messages, and no
 * look at who sent them, takes time from the loop. Thread and socket begin with the first service that wants them.
 *
 * <p>Only what a member of the service says counts. The sender is looked up while its message is open: one that has sent
 * a descriptor along and waits for its end (as {@code systemd-notify} does) is still there to be looked at. What a process
 * said that is gone by then belongs to nobody.
 */
public final class NotifySocket implements Hearing, AutoCloseable {

    static final String UNCLEAR = "notify-unclear";
    static final String UNAVAILABLE = "notify-unavailable";

    private static final Logger LOG = System.getLogger(NotifySocket.class.getName());

    private final List<UnixAddress> places;
    private final EventSink events;
    private final Statistics statistics;
    private final Senders senders;
    private @Nullable Ear ear;
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param places where it may be, the best first; the same in every life, since services keep the name
     * @param wanted which services may speak at all
     * @param members asked for when the first message comes
     */
    NotifySocket(
            List<UnixAddress> places,
            Predicate<ServiceName> wanted,
            Supplier<Members> members,
            EventSink events,
            Statistics statistics) {
        this.places = List.copyOf(places);
        this.senders = new Senders(wanted, members, statistics);
        this.events = events;
        this.statistics = statistics;
    }

    /** For the services of the plan that is in force; nothing is opened yet. */
    public static NotifySocket of(
            Supplier<Plan> plan,
            Optional<Path> stateDirectory,
            Supplier<Members> members,
            EventSink events,
            Statistics statistics) {
        return new NotifySocket(
                NotifyPlaces.of(plan.get().id(), stateDirectory),
                name -> plan.get()
                        .service(name)
                        .filter(spec -> spec.start().notifies())
                        .isPresent(),
                members,
                events,
                statistics);
    }

    /** Begins to listen, if it does not yet; for services that outlived their sidecar. */
    public synchronized void open() {
        if (ear != null || closed) {
            return;
        }
        for (UnixAddress place : places) {
            try {
                ear = new Ear(UnixDatagram.bind(place, Notification.LONGEST), senders, events, statistics);
                ear.start();
                return;
            } catch (LinuxException failed) {
                LOG.log(Level.WARNING, "Cannot listen for services at " + place + ": " + failed.getMessage());
            }
        }
        statistics.fault(UNAVAILABLE);
        LOG.log(
                Level.ERROR,
                "Cannot hear what services with 'notify' say, so they will not become ready; it is tried again with the"
                        + " next start of one. Have respawn.state-directory be on a file system with sockets");
    }

    /**
     * Stops listening when all that was heard is told, and tells where everything stands; {@link #unpark} goes on.
     *
     * @throws IllegalStateException when the listener hangs
     */
    public Optional<KeptSocket> park() {
        return Optional.ofNullable(listening()).map(Ear::park);
    }

    /** It did not come to a new image: everything goes on. */
    public void unpark() {
        Ear opened = listening();
        if (opened != null) {
            opened.unpark();
        }
    }

    /** Goes on with the socket of an earlier image of this process; before anything else here. */
    public synchronized void goOn(KeptSocket from) {
        ear = Ear.inherited(from, senders, events, statistics);
        ear.start();
    }

    /** What a service finds in its environment; nothing unless it wants to speak. */
    @Override
    public Map<String, String> variables(ServiceSpec spec) {
        if (!spec.start().notifies()) {
            return Map.of();
        }
        open();
        Ear opened = listening();
        Map<String, String> variables = new HashMap<>();
        if (opened != null) {
            variables.put("NOTIFY_SOCKET", opened.address().name());
            spec.start()
                    .watchdog()
                    .ifPresent(interval -> variables.put("WATCHDOG_USEC", Long.toString(interval.toMillis() * 1000)));
        }
        return variables;
    }

    private synchronized @Nullable Ear listening() {
        return ear;
    }

    @Override
    public boolean isAwaited(InstanceId instance) {
        return listening() != null && senders.mayBe(instance);
    }

    @Override
    public void hearOut(InstanceId instance, Runnable then) {
        if (!onThread(opened -> opened.hearOut(instance, then))) {
            then.run();
        }
    }

    /** Has silence reported by the gate, until {@link #unwatch}. */
    void watch(Subject subject, Duration interval, Gate gate) {
        open();
        onThread(opened -> opened.begin(subject, interval, gate));
    }

    void unwatch(InstanceId instance, Gate gate) {
        onThread(opened -> opened.end(instance, gate));
    }

    /** Says whether there is one that will do it. */
    private boolean onThread(Consumer<Ear> work) {
        Ear opened = listening();
        if (opened == null) {
            return false;
        }
        try {
            opened.execute(() -> work.accept(opened));
            return true;
        } catch (RejectedExecutionException ended) {
            LOG.log(Level.DEBUG, "The notify socket has ended", ended);
            return false;
        }
    }

    /** Ends while it is parked: somebody else in this process goes on listening. */
    public void leave() {
        Ear opened = closed();
        if (opened != null) {
            opened.leave();
        }
    }

    @Override
    public void close() {
        Ear opened = closed();
        if (opened != null) {
            opened.stop();
        }
    }

    private synchronized @Nullable Ear closed() {
        closed = true;
        Ear opened = ear;
        ear = null;
        return opened;
    }
}
