package io.respawn.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What positions mean when the topics are not what they were. */
class CommandTopicsTest {

    private static final SortedMap<String, Long> POSITIONS = new TreeMap<>(
            Map.of("respawn.commands-0", 10L, "respawn.commands-1", 20L, "respawn.commands.broadcast-0", 5L));

    private static Ledger ledger(Map<String, String> topics) {
        return new Ledger(3, 17, Machines.HOST, POSITIONS, 0, new TreeMap<>(), Lineage.NONE, new TreeMap<>(topics));
    }

    @Test
    void positionsInTheSameTopicsCount() {
        // given
        Ledger ledger = ledger(Map.of("respawn.commands", "a", "respawn.commands.broadcast", "b"));
        CommandTopics topics =
                new CommandTopics(Map.of(), Map.of("respawn.commands-0", 10L), Map.of("respawn.commands", "a"));

        // when, then
        assertThat(topics.positionsOf(ledger)).isEqualTo(POSITIONS);
    }

    @Test
    void positionsInATopicThatWasCreatedAnewMeanNothing() {
        // given
        Ledger ledger = ledger(Map.of("respawn.commands", "a", "respawn.commands.broadcast", "b"));
        CommandTopics topics = new CommandTopics(
                Map.of(), Map.of(), Map.of("respawn.commands", "other", "respawn.commands.broadcast", "b"));

        // when, then
        assertThat(topics.positionsOf(ledger)).containsOnly(Map.entry("respawn.commands.broadcast-0", 5L));
    }

    @Test
    void positionsOfAnOlderVersionCountAsFarAsTheTopicReaches() {
        // given
        Ledger ledger = ledger(Map.of());
        CommandTopics topics =
                new CommandTopics(Map.of(), Map.of("respawn.commands-1", 7L), Map.of("respawn.commands", "other"));

        // when, then
        assertThat(topics.positionsOf(ledger))
                .containsEntry("respawn.commands-0", 10L)
                .containsEntry("respawn.commands-1", 7L);
    }
}
