package io.respawn.core;

import static io.respawn.core.Machines.DB;
import static io.respawn.core.Machines.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.respawn.model.Action;
import io.respawn.model.Budget;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.WaitFor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whose turn it is among the orders that wait, also when there are very many. */
class OpenIntentsTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(10);

    /** What a machine of two cores needs a fraction of a second for; looking at all orders for each took minutes. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final OpenIntents open = new OpenIntents();

    private static Intent intent(
            long order, Action action, ServiceName service, Optional<Instant> notBefore, Optional<Instant> expiresAt) {
        return new Intent(
                command(order, action, service, notBefore, expiresAt),
                order,
                Intent.Origin.TOPIC,
                Optional.of(new Position("respawn.commands", 0, order)),
                NOW,
                new Intent.Pending());
    }

    private static Command command(
            long number, Action action, ServiceName service, Optional<Instant> notBefore, Optional<Instant> expiresAt) {
        return new Command(
                new IntentId("order-" + number),
                "test",
                action,
                Optional.of(service),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                "",
                0,
                notBefore,
                expiresAt,
                OptionalLong.empty(),
                WaitFor.STARTED,
                Optional.empty(),
                false,
                "",
                0);
    }

    @Test
    void anOrderTakesThePlaceOfItsAcceptanceWhenItsTimeHasCome() {
        // given
        Intent timed = intent(0, Action.RESTART, WEB, Optional.of(LATER), Optional.empty());
        Intent prompt = intent(1, Action.RESTART, WEB, Optional.empty(), Optional.empty());
        open.add(prompt);
        open.add(timed);
        // when
        Optional<Intent> now = open.firstOther(Optional.of(WEB), NOW, intent -> true);
        Optional<Intent> later = open.firstOther(Optional.of(WEB), LATER, intent -> true);
        // then
        assertThat(now).contains(prompt);
        assertThat(later).contains(timed);
        assertThat(open.others(Optional.of(WEB), NOW)).containsExactly(prompt);
        assertThat(open.others(Optional.of(WEB), LATER)).containsExactly(timed, prompt);
        assertThat(open.of(Optional.of(WEB))).containsExactly(timed, prompt);
    }

    @Test
    void stopsStartedOnesAndExpiredOnesAreFoundApart() {
        // given
        Intent begun = intent(0, Action.RESTART, WEB, Optional.empty(), Optional.empty())
                .in(new Intent.Started(NOW, List.of()));
        Intent brief = intent(1, Action.RESET, WEB, Optional.empty(), Optional.of(LATER));
        Intent stop = intent(2, Action.STOP, WEB, Optional.empty(), Optional.empty());
        open.add(stop);
        open.add(brief);
        open.add(begun);
        // when
        Optional<Intent> started = open.started(Optional.of(WEB));
        // then
        assertThat(started).contains(begun);
        assertThat(open.firstStop(Optional.of(WEB), NOW, intent -> true)).contains(stop);
        assertThat(open.firstOther(Optional.of(WEB), NOW, intent -> true)).contains(brief);
        assertThat(open.expired(Optional.of(WEB), NOW)).isEmpty();
        assertThat(open.expired(Optional.of(WEB), LATER)).containsExactly(brief);
    }

    @Test
    void nothingIsLeftOfAnOrderThatIsRemoved() {
        // given
        Intent restart = intent(0, Action.RESTART, WEB, Optional.of(LATER), Optional.of(LATER.plusSeconds(1)));
        Intent other = intent(1, Action.RESTART, DB, Optional.empty(), Optional.empty());
        open.add(restart);
        open.add(other);
        // when
        open.remove(restart);
        // then
        assertThat(open.count()).isEqualTo(1);
        assertThat(open.bytes()).isEqualTo(other.command().size());
        assertThat(open.services()).containsExactly(Optional.of(DB));
        assertThat(open.of(Optional.of(WEB))).isEmpty();
    }

    @Test
    void anOrderCostsNoMoreBehindManyForTheSameService() {
        // given
        Machines machine = new Machines(Machines.spec(WEB, false)).started();
        // when
        assertTimeoutPreemptively(LIMIT, () -> {
            for (int i = 0; i < 10_000; i++) {
                Command tomorrow =
                        command(i, Action.RESTART, WEB, Optional.of(machine.now.plusSeconds(86_400)), Optional.empty());
                machine.feed(new Event.CommandReceived(tomorrow, Optional.empty()));
            }
        });
        // then
        assertThat(machine.state.open().count()).isEqualTo(10_000);
    }

    @Test
    void anOrderCostsNoMoreBehindManyThatWaitForTheBudget() {
        // given
        ServiceSpec[] specs = IntStream.range(0, 5_000)
                .mapToObj(i -> Machines.spec(new ServiceName("s" + i), false))
                .toArray(ServiceSpec[]::new);
        Machines machine = new Machines(new Budget(1, Duration.ofHours(1), 1, 10_000), specs).started();
        // when
        assertTimeoutPreemptively(LIMIT, () -> {
            for (int i = 0; i < specs.length; i++) {
                Command order = command(i, Action.RESTART, specs[i].name(), Optional.empty(), Optional.empty());
                machine.feed(new Event.CommandReceived(order, Optional.empty()));
            }
        });
        // then
        assertThat(machine.state.open().count()).isEqualTo(5_000);
    }
}
