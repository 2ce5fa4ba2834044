package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static io.respawn.process.Rig.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.respawn.core.Event.HandedOver;
import io.respawn.core.Event.ProcessExited;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessStat;
import io.respawn.model.ExitStatus;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.Signal;
import io.respawn.supervise.Members;
import io.respawn.supervise.Members.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mains that have another process of their service take over, with real processes. */
class HandoverIT {

    private static final Member WEB = new Member(instance("web"), 1);

    /** Starts one that may become the main, in the same session; ends with 3 when it is told to. */
    private static final String OLD = " & while ! [ -e end-old ]; do sleep 0.01; done; exit 3";

    private static final String NEW = "sh -c 'echo $$ > heir; while ! [ -e end-new ]; do sleep 0.01; done; exit 5'";

    @TempDir
    private Path directory;

    private Rig rig;

    @BeforeEach
    void start() {
        rig = new Rig("handover-it", directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Members members() {
        return rig.children.members();
    }

    /** Has the process that wrote its number to the file take over. */
    private ProcessIdentity handOver(String file) {
        ProcessIdentity heir = members().heir(WEB, pidIn(file)).orElseThrow();
        members().follow(WEB, heir);
        HandedOver told = rig.await(HandedOver.class, any -> true);
        assertThat(told).isEqualTo(new HandedOver(WEB.instance(), 1, heir));
        assertThat(rig.ask(rig.children::watched))
                .singleElement()
                .satisfies(main -> assertThat(main.process()).isEqualTo(heir));
        return heir;
    }

    private int pidIn(String name) {
        Path file = directory.resolve(name);
        await(name)
                .atMost(Rig.PATIENCE)
                .until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        try {
            return Integer.parseInt(Files.readString(file).strip());
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private void touch(String name) throws IOException {
        Files.createFile(directory.resolve(name));
    }

    private static void awaitGone(int pid) {
        await("the end of " + pid)
                .atMost(Rig.PATIENCE)
                .until(() -> ProcFs.stat(pid).isEmpty());
    }

    private ExitStatus endOfTheService() {
        ProcessExited exited = rig.exited("web");
        assertThat(exited.incarnation()).isEqualTo(1);
        return exited.status();
    }

    @Test
    void endOfAMainThatHandedOverIsNoExitAndThatOfTheNewOneIs() throws IOException {
        // given
        ProcessIdentity old = rig.start(shell("web", NEW + OLD));

        // when
        ProcessIdentity heir = handOver("heir");
        touch("end-old");

        // then
        awaitGone(old.pid());
        assertThat(rig.events).noneMatch(ProcessExited.class::isInstance);
        assertThat(members().find(heir.pid(), -1)).contains(WEB);

        // when
        touch("end-new");

        // then
        assertThat(endOfTheService()).isEqualTo(new ExitStatus.Exited(5));
        assertThat(ProcFs.stat(heir.pid())).isEmpty();
        assertThat(rig.faults(Burials.LEFTOVERS)).isZero();
    }

    @Test
    void signalsReachTheGroupOfTheNewMainThoughItsFirstMainIsGone() throws IOException {
        // given: it says which signal it got, and so does another of the group; its tags are of no help
        String trap = "trap \"echo term > $0; exit 7\" TERM; echo $$ > $0-pid; while :; do sleep 0.01; done";
        ProcessIdentity old =
                rig.start(shell("web", "env -i sh -c '" + trap + "' one & env -i sh -c '" + trap + "' two" + OLD));
        pidIn("two-pid");
        ProcessIdentity heir = handOver("one-pid");
        touch("end-old");
        awaitGone(old.pid());

        // when
        rig.onLoop(() -> rig.children.signal(instance("web"), 1, Signal.TERM));

        // then
        assertThat(endOfTheService()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(directory.resolve("one")).exists();
        awaitGone(heir.pid());
        awaitGone(pidIn("two-pid"));
    }

    @Test
    void endOfANewMainInASessionOfItsOwnEndsTheOldMainAsWell() {
        // given: the old main lives on, and the new one is its child, so its exit status is not ours to fetch at first
        ProcessIdentity old = rig.start(shell("web", "setsid " + NEW + OLD));
        ProcessIdentity heir = handOver("heir");
        assertThat(ProcFs.stat(heir.pid()).map(ProcessStat::session)).contains(heir.pid());

        // when
        rig.onLoop(() -> rig.children.signal(instance("web"), 1, Signal.KILL));

        // then
        ProcessExited exited = rig.exited("web");
        assertThat(exited.status()).isEqualTo(new ExitStatus.Signalled(9, false));
        assertThat(exited.leftovers()).isPositive();
        assertThat(ProcFs.stat(old.pid())).isEmpty();
        assertThat(ProcFs.stat(heir.pid())).isEmpty();
    }

    @Test
    void mainMayHandOverAndGetItBack() throws IOException {
        // given
        ProcessIdentity old = rig.start(shell("web", "echo $$ > first; " + NEW + OLD));
        ProcessIdentity heir = handOver("heir");

        // when
        assertThat(handOver("first")).isEqualTo(old);
        touch("end-new");

        // then
        await().atMost(Rig.PATIENCE)
                .until(() -> ProcFs.stat(heir.pid()).map(ProcessStat::zombie).orElse(true));
        touch("end-old");
        assertThat(endOfTheService()).isEqualTo(new ExitStatus.Exited(3));
        awaitGone(heir.pid());
    }

    @Test
    void descendantWithoutTagsInASessionOfItsOwnBelongsToTheService() {
        // given: only its parents say whose it is
        rig.start(shell("web", "env -i setsid " + NEW + OLD));

        // when
        ProcessIdentity heir = handOver("heir");

        // then
        assertThat(members().find(heir.pid(), ProcFs.ownUser())).contains(WEB);
    }

    @Test
    void nobodyElseBecomesTheMain() throws IOException, InterruptedException {
        // given
        rig.start(shell("web", "sleep 100"));
        ProcessIdentity other = rig.start(shell("other", "exec sleep 100"));
        Process stranger = new ProcessBuilder("sleep", "100").start();
        ProcessBuilder probe = new ProcessBuilder("sleep", "100");
        probe.environment().putAll(new Tags(WEB.instance(), 1, Optional.empty(), true).variables(rig.sidecar));
        Process helper = probe.start();
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        try {
            // then
            assertThat(members().heir(WEB, other.pid())).isEmpty();
            assertThat(members().heir(WEB, (int) stranger.pid())).isEmpty();
            assertThat(members().heir(WEB, (int) helper.pid())).isEmpty();
            assertThat(members().heir(WEB, (int) gone.pid())).isEmpty();
            assertThat(members().heir(WEB, 1)).isEmpty();
            assertThat(members().heir(WEB, ProcFs.ownPid())).isEmpty();
            assertThat(members().heir(new Member(WEB.instance(), 2), other.pid()))
                    .isEmpty();
        } finally {
            stranger.destroyForcibly();
            helper.destroyForcibly();
        }
    }

    @Test
    void heirThatIsGoneOrAnotherByNowChangesNothing() {
        // given
        ProcessIdentity main = rig.start(shell("web", NEW + OLD));
        int heir = pidIn("heir");

        // when: the number is that of a process of the service, but not of the one that was looked at
        members().follow(WEB, new ProcessIdentity(heir, 1));
        await().atMost(Rig.PATIENCE).until(() -> rig.faults(Succession.REFUSED) == 1);

        // then
        assertThat(rig.ask(rig.children::watched))
                .singleElement()
                .satisfies(found -> assertThat(found.process()).isEqualTo(main));
        rig.onLoop(() -> rig.children.signal(instance("web"), 1, Signal.KILL));
        assertThat(endOfTheService()).isEqualTo(new ExitStatus.Signalled(9, false));
        assertThat(ProcFs.stat(heir)).isEmpty();
    }

    @Test
    void nextSidecarAdoptsTheNewMainAndReachesItsGroup() throws IOException {
        // given
        ProcessIdentity old = rig.start(shell("web", NEW + OLD));
        ProcessIdentity heir = handOver("heir");
        touch("end-old");
        awaitGone(old.pid());
        rig.onLoop(() -> rig.children.close(true));

        try (Rig next = new Rig("handover-it", directory)) {
            // when
            next.onLoop(() -> {
                next.children.adopt(WEB.instance(), 1, heir);
                next.children.signal(WEB.instance(), 1, Signal.TERM);
            });

            // then
            assertThat(next.exited("web").status()).isEqualTo(new ExitStatus.Signalled(15, false));
            awaitGone(heir.pid());
        }
    }
}
