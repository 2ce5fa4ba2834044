package io.respawn.process;

import static io.respawn.process.Rig.instance;
import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.Event.Found;
import io.respawn.linux.ProcessStat;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.process.RecoveryPlan.Scanned;
import io.respawn.supervise.ProcessRunner.Known;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryPlanTest {

    private static final int SELF = 500;
    private static final int RIVAL = 600;

    private final Map<Integer, Scanned> processes = new LinkedHashMap<>();

    @Test
    void theRecordedIdentityWinsOverTags() {
        // given: the recorded one wiped its environment, an older one still has it
        untagged(10, 1, 10, 77);
        tagged(11, 1, 11, 50, "web", 2);

        // when
        RecoveryPlan plan = plan(known("web", 3, 10, 77));

        // then
        assertThat(plan.found()).extracting(Found::process).containsExactly(new ProcessIdentity(10, 77));
        assertThat(plan.doomed()).extracting(Scanned::pid).containsExactly(11);
    }

    @Test
    void aNumberThatCameBackIsNotTakenForTheRecordedProcess() {
        // given
        untagged(10, 1, 10, 78);

        // when
        RecoveryPlan plan = plan(known("web", 3, 10, 77));

        // then
        assertThat(plan.found()).isEmpty();
        assertThat(plan.doomed()).isEmpty();
    }

    @Test
    void theMainIsTheEarliestSessionLeaderOfTheRecordedIncarnation() {
        // given
        tagged(20, 1, 20, 90, "web", 4);
        tagged(21, 1, 21, 80, "web", 3);
        tagged(22, 1, 22, 70, "web", 3);
        tagged(23, 1, 22, 60, "web", 3);

        // when
        RecoveryPlan plan = plan(new Known(instance("web"), 3, Optional.empty()));

        // then: 21 is of the same incarnation and may be a part of it, 20 is of another one
        assertThat(plan.found()).extracting(found -> found.process().pid()).containsExactly(22);
        assertThat(plan.doomed()).extracting(Scanned::pid).containsExactly(20);
    }

    @Test
    void withoutARecordTheHighestIncarnationWins() {
        // given
        tagged(20, 1, 20, 90, "web", 4);
        tagged(21, 1, 21, 80, "web", 3);

        // when
        RecoveryPlan plan = plan();

        // then
        assertThat(plan.found()).extracting(Found::incarnation).containsExactly(4L);
        assertThat(plan.doomed()).extracting(Scanned::pid).containsExactly(21);
    }

    @Test
    void whatDescendsFromAMainStaysEvenInASessionOfItsOwn() {
        // given
        tagged(30, 1, 30, 10, "db", 1);
        tagged(31, 30, 31, 20, "db", 1);
        untagged(32, 31, 32, 30);
        tagged(33, 32, 33, 40, "web", 9);

        // when
        RecoveryPlan plan = plan(known("db", 1, 30, 10), new Known(instance("web"), 9, Optional.empty()));

        // then
        assertThat(plan.doomed()).isEmpty();
    }

    @Test
    void helpersAndMembersOfADeadMainAreDoomed() {
        // given
        put(40, 1, 40, 10, 'S', Optional.of(new Tags(instance("web"), 1, Optional.empty(), true)));
        tagged(41, 1, 39, 10, "web", 1);

        // when
        RecoveryPlan plan = plan(new Known(instance("web"), 1, Optional.empty()));

        // then
        assertThat(plan.found()).isEmpty();
        assertThat(plan.doomed()).extracting(Scanned::pid).containsExactlyInAnyOrder(40, 41);
    }

    @Test
    void theChildrenOfALivingSidecarAndTheirDescendantsAreSpared() {
        // given
        untagged(RIVAL, 1, RIVAL, 5);
        tagged(50, RIVAL, 50, 10, "web", 1);
        tagged(51, 50, 51, 20, "web", 1);

        // when
        RecoveryPlan plan = plan(known("web", 1, 50, 10));

        // then
        assertThat(plan.found()).isEmpty();
        assertThat(plan.doomed()).isEmpty();
        assertThat(plan.spared().get(50)).contains("living sidecar " + RIVAL);
    }

    @Test
    void aRecordWithoutAStartTimeIsUnverifiable() {
        // given
        tagged(60, 1, 60, 10, "web", 1);

        // when
        RecoveryPlan plan = plan(known("web", 1, 60, 0));

        // then
        assertThat(plan.found()).isEmpty();
        assertThat(plan.doomed()).isEmpty();
        assertThat(plan.spared()).containsOnlyKeys(60);
    }

    @Test
    void aZombieIsOnlyWorthTakingOverFromOurselves() {
        // given
        put(70, SELF, 70, 10, 'Z', Optional.empty());
        put(71, 1, 71, 10, 'Z', Optional.empty());

        // when
        RecoveryPlan plan = plan(known("ours", 1, 70, 10), known("theirs", 1, 71, 10));

        // then
        assertThat(plan.found()).extracting(Found::instance).containsExactly(instance("ours"));
    }

    @Test
    void ofTwoRecordedProcessesTheLaterIncarnationStays() {
        // given: the record knows the third, the spawner's note the fourth
        untagged(80, 1, 80, 10);
        untagged(81, 1, 81, 20);

        // when
        RecoveryPlan plan = plan(known("web", 3, 80, 10), known("web", 4, 81, 20));

        // then
        assertThat(plan.found()).extracting(Found::incarnation).containsExactly(4L);
        assertThat(plan.doomed()).extracting(Scanned::pid).containsExactly(80);
    }

    private RecoveryPlan plan(Known... known) {
        return RecoveryPlan.of(List.of(known), processes, SELF, pid -> pid == RIVAL);
    }

    private static Known known(String service, long incarnation, int pid, long startTicks) {
        return new Known(instance(service), incarnation, Optional.of(new ProcessIdentity(pid, startTicks)));
    }

    private void untagged(int pid, int parent, int session, long start) {
        put(pid, parent, session, start, 'S', Optional.empty());
    }

    private void tagged(int pid, int parent, int session, long start, String service, long incarnation) {
        InstanceId instance = instance(service);
        put(pid, parent, session, start, 'S', Optional.of(new Tags(instance, incarnation, Optional.empty(), false)));
    }

    private void put(int pid, int parent, int session, long start, char state, Optional<Tags> tags) {
        processes.put(pid, new Scanned(new ProcessStat(pid, "x", state, parent, session, session, start, 0), tags));
    }
}
