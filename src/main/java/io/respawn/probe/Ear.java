package io.respawn.probe;

import io.respawn.linux.BootClock;
import io.respawn.linux.Epoll;
import io.respawn.linux.Parking;
import io.respawn.linux.Reactor;
import io.respawn.linux.TimerFd;
import io.respawn.linux.UnixAddress;
import io.respawn.linux.UnixDatagram;
import io.respawn.linux.UnixDatagram.Message;
import io.respawn.model.InstanceId;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Members.Member;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The listener at the notify socket: a thread of its own, with the open socket and what was heard. */
final class Ear {
    private static final Logger LOG = System.getLogger(NotifySocket.class.getName());

    /** Messages a turn; timers and work that was handed over come between. */
    private static final int A_TURN = 64;

    /** Before somebody counts as silent, all that waits is read; the kernel lets far fewer wait. */
    private static final int ALL_THAT_WAITS = 4096;

    private static final long LONGEST_TURN_MILLIS = 2000;

    private final UnixDatagram socket;
    private final Reactor reactor = new Reactor(this::failed);
    private final TimerFd timer = new TimerFd();
    private final Watchdogs watchdogs = new Watchdogs();
    private final Parking parking = new Parking();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("respawn-notify").unstarted(this::run);
    private final Senders senders;
    private final EventSink events;
    private final Statistics statistics;

    /** By an earlier image of this process, of those that are not listened to yet. */
    private final Map<InstanceId, KeptSocket.Heard> heardBefore = new HashMap<>();

    private volatile boolean handedOn;

    private long alarm = Long.MAX_VALUE;

    /** Begins with the next {@link #start}. */
    Ear(UnixDatagram socket, Senders senders, EventSink events, Statistics statistics) {
        this.socket = socket;
        this.senders = senders;
        this.events = events;
        this.statistics = statistics;
        reactor.watch(socket.fd(), Epoll.IN, ready -> hear(A_TURN));
        reactor.watch(timer.fd(), Epoll.IN, ready -> due());
    }

    void start() {
        thread.start();
    }

    /** Goes on with the socket of an earlier image of this process. */
    static Ear inherited(KeptSocket from, Senders senders, EventSink events, Statistics statistics) {
        UnixAddress address = new UnixAddress(from.address());
        Ear ear = new Ear(
                UnixDatagram.inherited(from.descriptor(), address, Notification.LONGEST), senders, events, statistics);
        from.heard().forEach(each -> ear.heardBefore.put(each.instance(), each));
        return ear;
    }

    UnixAddress address() {
        return socket.address();
    }

    /** Has this done on its thread; throws when that has ended. */
    void execute(Runnable work) {
        reactor.execute(work);
    }

    void stop() {
        reactor.stop();
    }

    /** Ends while it is parked: somebody else goes on listening. */
    void leave() {
        handedOn = true;
        reactor.abandon();
        parking.free();
        try {
            thread.join(LONGEST_TURN_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (timer) {
            reactor.run();
        } finally {
            if (handedOn) {
                socket.leave();
            } else {
                socket.close();
            }
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
        Optional<Member> sender = senders.find(message);
        if (sender.isEmpty()) {
            return;
        }
        // Half of a message could say the opposite of the whole.
        Notification said = message.cut() ? Notification.NOTHING : Notification.parse(message.bytes());
        if (said.unclear() || message.cut()) {
            statistics.fault(NotifySocket.UNCLEAR);
        }
        long now = BootClock.nanos();
        if (said.alive()) {
            watchdogs.alive(sender.get(), now);
        }
        senders.voice(sender.get()).ifPresent(voice -> {
            voice.hear(said, message.pid(), said.main().flatMap(number -> senders.main(sender.get(), number)));
            wakeAt(voice.speak(events, now));
        });
    }

    /** Its process ended: nothing is held back any more. */
    void hearOut(InstanceId instance, Runnable then) {
        try {
            hear(ALL_THAT_WAITS);
            senders.latest(instance).ifPresent(voice -> voice.passOn(events));
        } finally {
            then.run();
        }
    }

    /**
     * Stops when all that was heard is told, and tells where everything stands.
     *
     * @throws IllegalStateException when it hangs
     */
    KeptSocket park() {
        boolean still = parking.park(
                rest -> reactor.execute(() -> {
                    senders.voices().forEach(voice -> voice.passOn(events));
                    rest.run();
                }),
                LONGEST_TURN_MILLIS);
        if (!still) {
            throw new IllegalStateException("the listener at the notify socket hangs");
        }
        return new KeptSocket(socket.fd(), socket.address().name(), watchdogs.kept());
    }

    void unpark() {
        parking.free();
    }

    void end(InstanceId instance, Gate gate) {
        watchdogs.end(instance, gate);
    }

    void begin(Subject subject, Duration interval, Gate gate) {
        watchdogs.begin(subject, interval, gate, BootClock.nanos());
        KeptSocket.Heard before = heardBefore.remove(subject.instance());
        if (before != null) {
            watchdogs.goOn(before);
        }
        wakeAt(watchdogs.next());
    }

    private void due() {
        timer.drain();
        long wantedAt = alarm;
        alarm = Long.MAX_VALUE;
        hear(ALL_THAT_WAITS);
        long now = BootClock.nanos();
        watchdogs.look(now, wantedAt);
        for (Voice voice : senders.voices()) {
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
