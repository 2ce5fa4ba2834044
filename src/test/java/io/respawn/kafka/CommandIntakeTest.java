package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.respawn.codec.RawCommand;
import io.respawn.core.Event;
import io.respawn.edges.EdgeProfile;
import io.respawn.edges.EventNotes;
import io.respawn.model.Action;
import io.respawn.model.IntentId;
import io.respawn.model.Position;
import io.respawn.model.ServiceName;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channel of commands as the framework wires it; the sidecar that the application makes without a core is "nobody". */
@QuarkusTest
@TestProfile(EdgeProfile.class)
class CommandIntakeTest {

    private static final String TOPIC = "respawn.commands";

    @Inject
    @Connector("smallrye-in-memory")
    InMemoryConnector connector;

    @Inject
    CommandOutlet outlet;

    @Inject
    EventNotes events;

    private InMemorySource<Message<Parcel>> channel;

    @BeforeEach
    void findTheChannel() {
        channel = connector.source("commands");
    }

    @Test
    void handsACommandToTheLoopAndAcknowledgesItOnceItsAcceptanceIsCommitted() {
        // given
        AtomicBoolean acknowledged = new AtomicBoolean();

        // when
        send(1, 7, "nobody", "{\"id\":\"a\",\"action\":\"restart\",\"service\":\"web\"}", acknowledged);

        // then
        Event.CommandReceived received = awaited(Event.CommandReceived.class, 1, 7, Event.CommandReceived::position);
        assertThat(received.command().id()).isEqualTo(new IntentId("a"));
        assertThat(received.command().action()).isEqualTo(Action.RESTART);
        assertThat(received.command().service()).contains(new ServiceName("web"));
        outlet.committed(Map.of(TOPIC + "-1", 7L));
        assertThat(acknowledged).isFalse();
        outlet.committed(Map.of(TOPIC + "-1", 8L));
        within().untilTrue(acknowledged);
    }

    @Test
    void refusesACommandThatCannotBeCarriedOutUnderItsOwnId() {
        // when
        send(2, 3, "nobody", "{\"id\":\"b\",\"action\":\"dance\"}", new AtomicBoolean());

        // then
        Event.CommandRefused refused =
                awaited(Event.CommandRefused.class, 2, 3, event -> Optional.of(event.position()));
        assertThat(refused.id()).isEqualTo(new IntentId("b"));
        assertThat(refused.reason()).startsWith("Cannot ").contains("dance");
    }

    @Test
    void putsWhatItCannotReadAsideWithTheReasonAndTheBytes() {
        // when
        send(3, 0, "nobody", "{\"action\":", new AtomicBoolean());

        // then
        Event.CommandUnreadable unreadable = awaited(
                Event.CommandUnreadable.class,
                3,
                0,
                event -> Optional.of(event.letter().position()));
        assertThat(unreadable.letter().reason()).startsWith("Cannot ");
        assertThat(unreadable.letter().value())
                .hasValueSatisfying(
                        value -> assertThat(new String(value, UTF_8)).isEqualTo("{\"action\":"));
    }

    @Test
    void passesByWhatIsMeantForOthersAndAcknowledgesItAtOnce() {
        // given
        AtomicBoolean acknowledged = new AtomicBoolean();

        // when
        send(4, 9, "somebody-else", "{\"action\":\"ping\"}", acknowledged);

        // then
        awaited(Event.CommandPassedBy.class, 4, 9, event -> Optional.of(event.position()));
        within().untilTrue(acknowledged);
    }

    private void send(int partition, long offset, String key, String body, AtomicBoolean acknowledged) {
        RawCommand raw = new RawCommand(
                TOPIC,
                partition,
                offset,
                Optional.of(key.getBytes(UTF_8)),
                Optional.of(body.getBytes(UTF_8)),
                List.of(),
                Instant.EPOCH);
        channel.send(Message.of(new Parcel(List.of(raw)), () -> {
            acknowledged.set(true);
            return CompletableFuture.completedFuture(null);
        }));
    }

    private interface Where<E> {
        Optional<Position> of(E event);
    }

    private <E extends Event> E awaited(Class<E> kind, int partition, long offset, Where<E> where) {
        Optional<Position> position = Optional.of(new Position(TOPIC, partition, offset));
        return within().until(
                        () -> events.all(kind).stream()
                                .filter(event -> where.of(event).equals(position))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static org.awaitility.core.ConditionFactory within() {
        return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(5));
    }
}
