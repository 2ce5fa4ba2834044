package io.respawn.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.respawn.codec.CommandCodec;
import io.respawn.codec.RawCommand;
import io.respawn.core.Event;
import io.respawn.model.Position;
import io.respawn.model.SidecarId;
import io.respawn.supervise.Statistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

/** What fails on its way to the loop. */
class IntakeFailureTest {

    private final CommandOutlet outlet = new CommandOutlet(10);
    private final List<Event> taken = new ArrayList<>();
    private final Parcel seven = new Parcel(List.of(command(7)));
    private final Statistics statistics = new Statistics();
    private final CommandCodec codec = new CommandCodec(new SidecarId("demo"), Map.of(), "respawn.broadcast");

    @Test
    void holdsBackNothingThatIsPassedBehindIt() {
        // given
        CommandIntake intake = new CommandIntake(
                codec,
                event -> {
                    throw new IllegalStateException("Cannot take it");
                },
                outlet,
                statistics);
        outlet.setOut(seven);

        // when
        assertThatThrownBy(() -> intake.take(Message.of(seven))).hasMessage("Cannot take it");
        Position behind = new Position("respawn.commands", 1, 8);
        outlet.passBy(behind);

        // then
        assertThat(outlet.takePassed()).containsExactly(behind);
    }

    @Test
    void isTakenOnceThereIsMemoryForIt() {
        // given
        int[] shortages = {2};
        CommandIntake intake = new CommandIntake(
                codec,
                event -> {
                    if (shortages[0]-- > 0) {
                        throw new OutOfMemoryError("none");
                    }
                    taken.add(event);
                },
                outlet,
                statistics);

        // when
        intake.take(Message.of(seven));

        // then
        assertThat(taken).singleElement().isInstanceOf(Event.CommandReceived.class);
        assertThat(statistics.outOfMemoryCount()).isEqualTo(2);
    }

    private static RawCommand command(long offset) {
        String body = "{\"id\":\"a\",\"action\":\"ping\"}";
        return new RawCommand(
                "respawn.commands",
                1,
                offset,
                Optional.of("demo".getBytes(UTF_8)),
                Optional.of(body.getBytes(UTF_8)),
                List.of(),
                Instant.EPOCH);
    }
}
