package io.respawn.probe;

import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.LinuxException;
import io.respawn.linux.ProcFs;
import io.respawn.linux.Reactor;
import io.respawn.linux.TimerFd;
import io.respawn.linux.UnixAddress;
import io.respawn.linux.UnixDatagram;
import io.respawn.linux.UnixDatagram.Message;
import io.respawn.model.InstanceId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Members;
import io.respawn.supervise.Members.Member;
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
import org.jspecify.annotations.Nullable;

/**
 * The one socket by which services say how they are, read on a thread of its own, so that no flood of messages, and no
 * look at who sent them, takes time from the loop. Thread and socket begin with the first service that wants them.
 *
 * <p>Only what a member of the service says counts. The sender is looked up while its message is open: one that has sent
 * a descriptor along and waits for its end (as {@code systemd-notify} does) is still there to be looked at. What a process
 * said that is gone by then belongs to nobody.
 */
public final class NotifySocket implements AutoCloseable {

    static final String STRANGER = "notify-stranger";
    static final String SENDER_GONE = "notify-sender-gone";
    static final String UNCLEAR = "notify-unclear";
    static final String UNAVAILABLE = "notify-unavailable";

    private static final Logger LOG = System.getLogger(NotifySocket.class.getName());

    /** Messages a turn; timers and work that was handed over come between. */
    private static final int A_TURN = 64;

    /** Before somebody counts as silent, all that waits is read; the kernel lets far fewer wait. */
    private static final int ALL_THAT_WAITS = 4096;

    private final List<UnixAddress> places;
    private final Predicate<ServiceName> wanted;
    private final Members members;
    private final EventSink events;
    private final Statistics statistics;
    private final Complaint strangers = new Complaint(Duration.ofSeconds(10));
    private @Nullable Ear ear;
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param places where it may be, the best first; the same in every life, since services keep the name
     * @param wanted which services may speak at all
     */
    NotifySocket(
            List<UnixAddress> places,
            Predicate<ServiceName> wanted,
            Members members,
            EventSink events,
            Statistics statistics) {
        this.places = List.copyOf(places);
        this.wanted = wanted;
        this.members = members;
        this.events = events;
        this.statistics = statistics;
    }

    /** For the services of a plan; nothing is opened yet. */
    public static NotifySocket of(
            Plan plan, Optional<Path> stateDirectory, Members members, EventSink events, Statistics statistics) {
        return new NotifySocket(
                NotifyPlaces.of(plan.id(), stateDirectory),
                name -> plan.service(name)
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
                Ear opened = new Ear(UnixDatagram.bind(place, Notification.LONGEST));
                Thread.ofPlatform().daemon().name("respawn-notify").start(opened::run);
                ear = opened;
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

    /** What a service finds in its environment; nothing unless it wants to speak. */
    public Map<String, String> variables(ServiceSpec spec) {
        if (!spec.start().notifies()) {
            return Map.of();
        }
        open();
        Ear opened = listening();
        Map<String, String> variables = new HashMap<>();
        if (opened != null) {
            variables.put("NOTIFY_SOCKET", opened.socket.address().name());
            spec.start()
                    .watchdog()
                    .ifPresent(interval -> variables.put("WATCHDOG_USEC", Long.toString(interval.toMillis() * 1000)));
        }
        return variables;
    }

    private synchronized @Nullable Ear listening() {
        return ear;
    }

    /** Has silence reported by the gate, until {@link #unwatch}. */
    void watch(Subject subject, Duration interval, Gate gate) {
        open();
        onThread(opened -> opened.begin(subject, interval, gate));
    }

    void unwatch(InstanceId instance, Gate gate) {
        onThread(opened -> opened.watchdogs.end(instance, gate));
    }

    private void onThread(Consumer<Ear> work) {
        Ear opened = listening();
        if (opened != null) {
            try {
                opened.reactor.execute(() -> work.accept(opened));
            } catch (RejectedExecutionException ended) {
                LOG.log(Level.DEBUG, "The notify socket has ended", ended);
            }
        }
    }

    @Override
    public void close() {
        Ear opened;
        synchronized (this) {
            closed = true;
            opened = ear;
            ear = null;
        }
        if (opened != null) {
            opened.reactor.stop();
        }
    }

    /** Whose word a message is; empty when it is nobody's that counts. */
    private Optional<Member> sender(Message message) {
        Optional<Member> found = message.pid() == 0 ? Optional.empty() : members.find(message.pid(), message.uid());
        Optional<Member> counting =
                found.filter(member -> wanted.test(member.instance().service()));
        if (counting.isEmpty()) {
            boolean gone = message.pid() != 0 && ProcFs.stat(message.pid()).isEmpty();
            statistics.fault(gone ? SENDER_GONE : STRANGER);
            strangers.about(count -> LOG.log(
                    Level.WARNING,
                    "Cannot take {0} messages to the notify socket: their senders belong to no service with ''notify'',"
                            + " or were gone when they were looked up; the last was the process {1} of user {2}",
                    Long.toString(count),
                    Integer.toString(message.pid()),
                    Integer.toString(message.uid())));
        }
        return counting;
    }

    /** The thread's own: the open socket, and what was heard. */
    private final class Ear {
        private final UnixDatagram socket;
        private final Reactor reactor = new Reactor(this::failed);
        private final TimerFd timer = new TimerFd();
        private final Map<InstanceId, Voice> voices = new HashMap<>();
        private final Watchdogs watchdogs = new Watchdogs();
        private long alarm = Long.MAX_VALUE;

        Ear(UnixDatagram socket) {
            this.socket = socket;
            reactor.watch(socket.fd(), Epoll.IN, ready -> hear(A_TURN));
            reactor.watch(timer.fd(), Epoll.IN, ready -> due());
        }

        void run() {
            try (socket;
                    timer) {
                reactor.run();
            }
            reactor.close();
        }

        private void failed(Throwable failure) {
            statistics.fault("notify-failed");
            LOG.log(Level.ERROR, "Cannot take a message to the notify socket; others go on", failure);
        }

        private void hear(int limit) {
            for (int i = 0; i < limit; i++) {
                Optional<Message> message = socket.receive();
                if (message.isEmpty()) {
                    return;
                }
                try (Message open = message.get()) {
                    take(open);
                }
            }
        }

        private void take(Message message) {
            Optional<Member> sender = sender(message);
            if (sender.isEmpty()) {
                return;
            }
            // Half of a message could say the opposite of the whole.
            Notification said = message.cut() ? Notification.parse(new byte[0]) : Notification.parse(message.bytes());
            if (said.unclear() || message.cut()) {
                statistics.fault(UNCLEAR);
            }
            long now = BootClock.nanos();
            if (said.alive()) {
                watchdogs.alive(sender.get(), now);
            }
            Voice voice = voice(sender.get());
            if (voice != null) {
                voice.hear(said);
                wakeAt(voice.speak(events, now));
            }
        }

        /** Null for a process that is not the latest any more. */
        private @Nullable Voice voice(Member sender) {
            Voice known = voices.get(sender.instance());
            if (known != null && known.member().incarnation() > sender.incarnation()) {
                return null;
            }
            if (known == null || known.member().incarnation() < sender.incarnation()) {
                known = new Voice(sender);
                voices.put(sender.instance(), known);
            }
            return known;
        }

        void begin(Subject subject, Duration interval, Gate gate) {
            watchdogs.begin(subject, interval, gate, BootClock.nanos());
            wakeAt(watchdogs.next());
        }

        private void due() {
            timer.drain();
            long wantedAt = alarm;
            alarm = Long.MAX_VALUE;
            hear(ALL_THAT_WAITS);
            long now = BootClock.nanos();
            watchdogs.look(now, wantedAt);
            for (Voice voice : voices.values()) {
                wakeAt(voice.speak(events, now));
            }
            wakeAt(watchdogs.next());
        }

        private void wakeAt(long deadline) {
            if (deadline < alarm) {
                alarm = deadline;
                timer.arm(deadline);
            }
        }
    }
}
