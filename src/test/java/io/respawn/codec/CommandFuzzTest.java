package io.respawn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.respawn.core.DeadLetter;
import io.respawn.model.Command;
import io.respawn.model.SidecarId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CommandFuzzTest {

    private static final int CASES = 20_000;
    private static final SidecarId ME = new SidecarId("me");
    private static final List<String> SCRAPS = List.of(
            "{", "}", "[", "]", "\"", ":", ",", "null", "1e9999", "-", "\\ud800", "\"action\"", "\u0000", "é", "{}");

    private enum Kind {
        UNDERSTOOD,
        REFUSED,
        UNREADABLE,
        NOT_FOR_ME
    }

    @Test
    void hasAnAnswerToWhateverComes() {
        // given
        RandomValues values = new RandomValues(RandomValues.seed("CommandFuzzTest"));
        Random random = values.random();
        CommandCodec codec = new CommandCodec(ME, Map.of("app", "x"), "broadcast");
        Map<Kind, Integer> seen = new EnumMap<>(Kind.class);

        for (int i = 0; i < CASES; i++) {
            Command command = values.command();
            byte[] value =
                    mangled(codec.encode(command, random.nextBoolean() ? Optional.of(ME) : Optional.empty()), random);
            RawCommand raw = new RawCommand(
                    random.nextInt(5) == 0 ? "broadcast" : "commands",
                    0,
                    i,
                    random.nextInt(4) == 0
                            ? Optional.empty()
                            : Optional.of(mangled("me".getBytes(StandardCharsets.UTF_8), random)),
                    Optional.of(value),
                    headers(values, random),
                    Instant.EPOCH);

            // when
            Reading reading = codec.read(raw);

            // then
            seen.merge(kind(reading), 1, Integer::sum);
        }
        assertThat(seen).containsOnlyKeys(Kind.values());
    }

    private static Kind kind(Reading reading) {
        return switch (reading) {
            case Reading.Understood ignored -> Kind.UNDERSTOOD;
            case Reading.Refused refused -> {
                assertThat(refused.reason()).startsWith("Cannot ");
                yield Kind.REFUSED;
            }
            case Reading.Unreadable unreadable -> {
                assertThat(unreadable.reason()).startsWith("Cannot ");
                yield Kind.UNREADABLE;
            }
            case Reading.NotForMe ignored -> Kind.NOT_FOR_ME;
        };
    }

    private static List<DeadLetter.Header> headers(RandomValues values, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> List.of(new DeadLetter.Header("ce_specversion", "1.0".getBytes(StandardCharsets.UTF_8)));
            case 1 ->
                List.of(
                        new DeadLetter.Header("ce_specversion", "1.0".getBytes(StandardCharsets.UTF_8)),
                        new DeadLetter.Header("ce_subject", values.bytes()),
                        new DeadLetter.Header("ce_type", values.bytes()),
                        new DeadLetter.Header("ce_id", values.bytes()));
            case 2 ->
                List.of(new DeadLetter.Header(
                        "content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8)));
            default -> List.of();
        };
    }

    private static byte[] mangled(byte[] bytes, Random random) {
        byte[] copy = bytes.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && copy.length > 0; i++) {
            int at = random.nextInt(copy.length);
            copy = switch (random.nextInt(4)) {
                case 0 -> {
                    copy[at] = (byte) random.nextInt();
                    yield copy;
                }
                case 1 -> Arrays.copyOf(copy, at);
                default -> spliced(copy, at, SCRAPS.get(random.nextInt(SCRAPS.size())));
            };
        }
        return copy;
    }

    private static byte[] spliced(byte[] bytes, int at, String scrap) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return (text.substring(0, at) + scrap + text.substring(at)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
