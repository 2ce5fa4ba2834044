package io.respawn.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event;
import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.StatusTold;
import io.respawn.linux.ProcFs;
import io.respawn.linux.UnixAddress;
import io.respawn.linux.libc.Unistd;
import io.respawn.linux.libc.UnixSender;
import io.respawn.model.InstanceId;
import io.respawn.model.Probes;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.StartPolicy;
import io.respawn.supervise.Members.Member;
import io.respawn.supervise.Statistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notify socket and those who speak to it, for real. */
class NotifySocketIT {

    private static final InstanceId WEB = new InstanceId(ProcessSide.WEB, 0);
    private static final SidecarId SIDECAR = new SidecarId("notify-it");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FLOOD = 100_000;

    @TempDir
    private Path directory;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Statistics statistics = new Statistics();

    /** Whose word counts as that of incarnation 1. */
    private final KnownMembers known = new KnownMembers(new Member(WEB, 1));

    private final Set<Integer> members = known.pids();

    private NotifySocket socket = none();

    private NotifySocket none() {
        return new NotifySocket(List.of(), name -> false, () -> known, events::add, statistics);
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private static ServiceSpec spec(Duration watchdog) {
        return ProcessSide.spec(Probes.NONE)
                .with(new StartPolicy(Duration.ofSeconds(30), true, Optional.of(watchdog), Optional.empty()));
    }

    /** Where it listens. */
    private String open() {
        return open(NotifyPlaces.of(SIDECAR, Optional.of(directory)));
    }

    private String open(List<UnixAddress> places) {
        socket = new NotifySocket(places, ProcessSide.WEB::equals, () -> known, events::add, statistics);
        Map<String, String> variables = socket.variables(spec(Duration.ofSeconds(30)));
        assertThat(variables).containsEntry("WATCHDOG_USEC", "30000000").hasSize(2);
        return variables.get("NOTIFY_SOCKET");
    }

    private Event next() throws InterruptedException {
        Event event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("Cannot see an event within " + PATIENCE + "; " + statistics.faults());
        }
        return event;
    }

    private void awaitFault(String word, long count) {
        Awaitility.await(word)
                .atMost(PATIENCE)
                .until(() -> statistics.faults().containsKey(word)
                        && statistics.faults().get(word).sum() >= count);
    }

    @Test
    void isInTheStateDirectoryAndOpensForThoseWhoWantItOnly() {
        // given
        socket = new NotifySocket(
                NotifyPlaces.of(SIDECAR, Optional.of(directory)), name -> true, () -> known, events::add, statistics);
        // then
        assertThat(socket.variables(ProcessSide.spec(Probes.NONE))).isEmpty();
        assertThat(directory.resolve("notify")).doesNotExist();
        assertThat(socket.variables(spec(Duration.ofSeconds(1))))
                .containsEntry("NOTIFY_SOCKET", directory.resolve("notify").toString());
        assertThat(directory.resolve("notify")).exists();
    }

    @Test
    void hearsAMember() throws Exception {
        // given
        members.add(ProcFs.ownPid());
        String address = open();
        // when
        try (var sender = new UnixSender(address)) {
            sender.send("STATUS=reads its files");
            sender.send("READY=1\n");
        }
        // then
        assertThat(next()).isEqualTo(new StatusTold(WEB, 1, "reads its files"));
        assertThat(next()).isEqualTo(new CameUp(WEB, 1, "it says that it is up"));
    }

    @Test
    void countsStrangersAndDoesNotListenToThem() throws Exception {
        // given
        String address = open();
        // when
        try (var sender = new UnixSender(address)) {
            sender.send("READY=1");
            sender.send("READY=1");
            awaitFault(Senders.STRANGER, 2);
            members.add(ProcFs.ownPid());
            sender.send("STATUS=now");
        }
        // then
        assertThat(next()).isEqualTo(new StatusTold(WEB, 1, "now"));
        assertThat(events).isEmpty();
    }

    @Test
    void cannotTellWhoseAProcessWasThatIsGone() throws Exception {
        // given: a sender that ends at once
        String address = open();
        Process perl = new ProcessBuilder(
                        "perl",
                        "-MIO::Socket::UNIX",
                        "-e",
                        "IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ARGV[0])->send('READY=1') and kill 9, $$",
                        address)
                .start();
        // when
        assertThat(perl.waitFor()).isEqualTo(137);
        // then: it was looked up before its end, or after it; in neither case its word counts
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> statistics.faults().containsKey(Senders.SENDER_GONE)
                        || statistics.faults().containsKey(Senders.STRANGER));
        assertThat(events).isEmpty();
    }

    @Test
    void followsAMainThatBelongsToTheServiceAndRefusesAllOthers() throws Exception {
        // given
        members.addAll(Set.of(ProcFs.ownPid(), 4711));
        String address = open();
        List<String> refused = List.of("", "web", "0", "-1", "1", "4712", "99999999999999999999", "0x1267");
        // when
        try (var sender = new UnixSender(address)) {
            for (String number : refused) {
                sender.send("MAINPID=" + number + "\nSTATUS=" + number + "!");
            }
            sender.send("MAINPID=4711\nSTATUS=handed over");
            sender.send("MAINPID=4711\nSTATUS=again");
        }
        // then: what else they say counts, and nothing is said twice
        for (Event event = next(); !event.equals(new StatusTold(WEB, 1, "again")); event = next()) {
            assertThat(event).isInstanceOf(StatusTold.class);
        }
        assertThat(known.followed()).containsExactly(KnownMembers.identity(4711));
        assertThat(statistics.faults().get(Senders.NO_MAIN).sum()).isEqualTo(refused.size());
    }

    @Test
    void passesOnTheLastWordOfOneThatSpeaksTooFastBeforeItsEndIsJudged() throws Exception {
        // given: it has said more than is passed on at once
        members.addAll(Set.of(ProcFs.ownPid(), 4711));
        String address = open();
        CountDownLatch heardOut = new CountDownLatch(1);
        // when
        try (var sender = new UnixSender(address)) {
            for (int i = 0; i < 3 * Voice.BURST; i++) {
                sender.send("STATUS=" + i);
            }
            sender.send("MAINPID=4711");
            socket.hearOut(WEB, heardOut::countDown);
        }
        // then
        assertThat(heardOut.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(known.followed()).containsExactly(KnownMembers.identity(4711));
        assertThat(socket.isAwaited(WEB)).isTrue();
    }

    @Test
    void hearsOutAtOnceWhenNobodySpeaks() {
        // given
        CountDownLatch heardOut = new CountDownLatch(1);
        // when: it never listened, and then it has ended
        socket.hearOut(WEB, heardOut::countDown);
        // then
        assertThat(socket.isAwaited(WEB)).isFalse();
        assertThat(heardOut.getCount()).isZero();
    }

    @Test
    void endsABarrierAfterAllThatWasSaidBeforeIt() throws Exception {
        // given
        members.add(ProcFs.ownPid());
        String address = open();
        int[] pipe = new int[2];
        assertThat(Unistd.pipe2(pipe, Unistd.O_CLOEXEC)).isZero();
        // when
        try (var sender = new UnixSender(address)) {
            sender.send("READY=1");
            sender.send("BARRIER=1", pipe[1]);
        }
        Unistd.close(pipe[1]);
        // then: a reader waits until no writer is left, and then the word was passed on
        assertThat(Unistd.read(pipe[0], new byte[1])).isZero();
        assertThat(events).containsExactly(new CameUp(WEB, 1, "it says that it is up"));
        Unistd.close(pipe[0]);
    }

    @Test
    void keepsNoDescriptorThatIsHandedToIt() throws Exception {
        // given
        members.add(ProcFs.ownPid());
        String address = open();
        try (var sender = new UnixSender(address)) {
            sender.send("STATUS=before");
            next();
            int before = ProcFs.ownUsage().openDescriptors();
            // when: members and others try
            for (int i = 0; i < 500; i++) {
                if (i == 250) {
                    members.clear();
                }
                sender.send("FDSTORE=1\nFDNAME=x", 0, 1, 2);
            }
            awaitFault(Senders.STRANGER, 250);
            // then
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(ProcFs.ownUsage().openDescriptors()).isLessThanOrEqualTo(before + 1));
        }
    }

    @Test
    void hearsAnOtherSoonWhileOneFloodsIt() throws Exception {
        // given
        members.add(ProcFs.ownPid());
        String address = open();
        // when: as fast as the kernel takes them
        try (var sender = new UnixSender(address)) {
            for (int i = 0; i < FLOOD; i++) {
                sender.send("STATUS=" + i + (i % 2 == 0 ? "\nREADY=1" : "\nRELOADING=1"));
            }
        }
        // then: few events, and the last word among them
        Awaitility.await().atMost(PATIENCE).until(() -> events.contains(new StatusTold(WEB, 1, "" + (FLOOD - 1))));
        assertThat(events).hasSizeLessThan(2 * 10 * (int) PATIENCE.toSeconds());
    }

    @Test
    void reportsWhoeverFallsSilentEvenInAFloodOfStrangers() throws Exception {
        // given
        String address = open();
        Thread flood = Thread.ofPlatform().start(() -> {
            try (var sender = new UnixSender(address)) {
                for (int i = 0; i < FLOOD && !Thread.currentThread().isInterrupted(); i++) {
                    sender.send("WATCHDOG=1");
                }
            }
        });
        // when
        ServiceSpec spec = spec(Duration.ofMillis(200));
        Subject subject = new Subject(spec, WEB, 1);
        socket.watch(subject, Duration.ofMillis(200), new Gate(subject, events::add));
        // then
        assertThat(next())
                .isEqualTo(new ProbeFailed(WEB, 1, ProbeFailed.Kind.WATCHDOG, "the watchdog heard nothing for 200 ms"));
        flood.interrupt();
        flood.join();
    }

    @Test
    void doesNotReportWhoeverGivesSignsOfLife() throws Exception {
        // given
        members.add(ProcFs.ownPid());
        String address = open();
        Subject subject = new Subject(spec(Duration.ofMillis(600)), WEB, 1);
        Gate gate = new Gate(subject, events::add);
        socket.watch(subject, Duration.ofMillis(600), gate);
        // when: for longer than the silence that is allowed
        long begin = System.nanoTime();
        try (var sender = new UnixSender(address)) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(PATIENCE)
                    .until(() -> {
                        sender.send("WATCHDOG=1");
                        return System.nanoTime() - begin
                                > Duration.ofMillis(1500).toNanos();
                    });
        }
        assertThat(events).isEmpty();
        // then
        socket.unwatch(WEB, gate);
    }

    @Test
    void usesAnAbstractNameWhereThePathIsTooLong() throws Exception {
        // given
        Path deep = directory.resolve("d".repeat(100));
        List<UnixAddress> places = NotifyPlaces.of(SIDECAR, Optional.of(deep));
        assertThat(places)
                .singleElement()
                .satisfies(place -> assertThat(place.name()).startsWith("@respawn-notify-it-"));
        assertThat(NotifyPlaces.of(SIDECAR, Optional.of(deep))).isEqualTo(places);
        assertThat(NotifyPlaces.of(SIDECAR, Optional.of(directory.resolve("e".repeat(100)))))
                .isNotEqualTo(places);
        members.add(ProcFs.ownPid());
        // when
        try (var sender = new UnixSender(open(places))) {
            sender.send("READY=1");
        }
        // then
        assertThat(next()).isInstanceOf(CameUp.class);
    }

    @Test
    void usesAnAbstractNameWhereNoSocketCanBeMade() throws Exception {
        // given: a directory that is not there
        members.add(ProcFs.ownPid());
        String address = open(NotifyPlaces.of(SIDECAR, Optional.of(directory.resolve("missing"))));
        // when
        try (var sender = new UnixSender(address)) {
            sender.send("READY=1");
        }
        // then
        assertThat(address).startsWith("@");
        assertThat(next()).isInstanceOf(CameUp.class);
    }
}
