package io.respawn.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.respawn.codec.CommandCodec;
import io.respawn.model.Action;
import io.respawn.model.Command;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import io.respawn.model.WaitFor;
import io.respawn.system.Topics.Seen;
import io.respawn.testing.Commands;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many orders at once, half of them by Kafka and half by the API, with every count exact. What is to wait does so because
 * its service's only permit in ten minutes is gone, not because a test sleeps.
 */
final class IntentsIT {

    private static final System.Logger LOG = System.getLogger(IntentsIT.class.getName());
    private static final String ID = "intents";
    private static final int THREADS = 8;
    private static final int ROOM = 300;
    private static final CommandCodec CODEC = new CommandCodec(new SidecarId(ID), Map.of(), "");

    /** Notes whom it was started for, and is up only then. */
    private static final String SERVICE = """
            %1$s:
              command: [ /bin/sh, -c, '%2$s echo "$RESPAWN_SERVICE $RESPAWN_INTENT" >> $STAGE/starts; echo up; sleep 1000 & wait; wait' ]
              ready-line: '^up$'
              stop: { grace-period: 60s }
            """;

    private static final String RATE = "  restart: { rate: { permits: 1, interval: 10m, burst: 1 } }\n";
    private static final String WILLING = "trap \"exit 0\" TERM;";

    /** How many orders each service was given. */
    private static final Map<String, Integer> GIVEN = new HashMap<>();

    @TempDir
    static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void open() {
        String rationed = List.of("together", "expiring", "cancelled", "full").stream()
                .map(name -> SERVICE.formatted(name, WILLING) + RATE)
                .collect(Collectors.joining());
        String others = SERVICE.formatted("forced", WILLING) + SERVICE.formatted("held", "trap \"\" TERM;");
        stage = new Stage(folder, ID, rationed + others)
                .with("RESPAWN_INTENTS_OPEN_COUNT", String.valueOf(ROOM))
                .open();
        for (String service : List.of("together", "expiring", "cancelled", "full")) {
            stage.await(service, "ready");
            // The only permit.
            assertThat(stage.order(service, "restart", "{\"wait\":\"ready\"}")
                            .path("outcome")
                            .asText())
                    .isEqualTo("succeeded");
        }
    }

    @AfterAll
    static void nothingIsLeft() {
        // It would not end by itself within the grace period.
        stage.order("held", "stop", "{\"gracePeriod\":\"0s\"}");
        stage.leave();
    }

    @Test
    void amongManyAtOnceEachEndsOnceAndAsItShould() throws IOException {
        // given
        List<Command> together = restarts("together", 90, command -> command);
        List<Command> late = restarts(
                "expiring", 30, command -> command.expiresAt(Instant.now().minusSeconds(1)));
        List<Command> soon = restarts(
                "expiring",
                30,
                command -> command.reason("soon").expiresAt(Instant.now().plusSeconds(3)));
        List<Command> taken = restarts("cancelled", 80, command -> command);
        // Each with a grace period of its own: so none of them can be carried out with another.
        List<Command> forced = IntStream.range(0, 30)
                .mapToObj(i -> restart("forced", i)
                        .force(true)
                        .gracePeriod(Duration.ofSeconds(50, i))
                        .made())
                .toList();
        List<Command> first = all(together, late, soon, taken, forced);
        long seed = Long.getLong("seed", System.nanoTime());
        LOG.log(System.Logger.Level.INFO, "IntentsIT: -Dseed={0}", String.valueOf(seed));
        Collections.shuffle(first, new Random(seed));

        // when
        sendAtOnce(first);
        awaitAll("accepted", first);
        int waiting = total("service=together&state=pending");
        JsonNode queued = json("/api/v1/intents?service=cancelled&state=pending&limit=1000");
        Command leader = restart("together", 999).force(true).made();
        List<Command> cancels = taken.stream()
                .map(order -> Commands.cancel(new IntentId("cancel-" + order.id()), order.id())
                        .requestedBy("canceller")
                        .made())
                .toList();
        sendAtOnce(all(cancels, List.of(leader)));

        // then
        Map<String, Seen> outcomes = outcomes(all(first, cancels, List.of(leader)));
        assertThat(waiting).isEqualTo(90);
        assertThat(queued.path("total").asInt()).isEqualTo(80);
        assertThat(queued.path("intents"))
                .filteredOn(intent -> intent.has("eta"))
                .hasSize(1);
        assertThat(queued.path("intents")).allMatch(intent -> intent.has("waitsFor"));
        assertThat(counts(together, outcomes)).isEqualTo(Map.of("coalesced", 90));
        assertThat(counts(all(late, soon), outcomes)).isEqualTo(Map.of("expired", 60));
        assertThat(counts(taken, outcomes)).isEqualTo(Map.of("cancelled", 80));
        assertThat(counts(cancels, outcomes)).isEqualTo(Map.of("succeeded", 80));
        assertThat(counts(all(forced, List.of(leader)), outcomes)).isEqualTo(Map.of("succeeded", 31));
        theApiSaysTheSame(leader);
        assertThat(startedFor("forced")).containsExactlyInAnyOrderElementsOf(ids(forced));
        assertThat(startedFor("together")).hasSize(2).endsWith(leader.id().value());
        assertThat(startedFor("expiring")).hasSize(1);
        assertThat(startedFor("cancelled")).hasSize(1);
        forceIsAudited(forced);
    }

    private static void theApiSaysTheSame(Command leader) {
        assertThat(total("service=together&state=coalesced")).isEqualTo(90);
        assertThat(total("service=expiring&state=expired")).isEqualTo(60);
        assertThat(total("service=cancelled&state=cancelled")).isEqualTo(80);
        assertThat(total("service=forced&state=succeeded")).isEqualTo(30);
        assertThat(total("requested-by=canceller&state=succeeded")).isEqualTo(80);
        assertThat(total("state=open")).isZero();
        for (JsonNode rider : json("/api/v1/intents?service=together&state=coalesced&limit=1000")
                .path("intents")) {
            assertThat(rider.path("endedBy").asText()).isEqualTo(leader.id().value());
            assertThat(rider.at("/targets/0/after").asLong())
                    .isEqualTo(rider.at("/targets/0/before").asLong() + 1);
        }
    }

    private static void forceIsAudited(List<Command> forced) throws IOException {
        List<String> log = Files.readAllLines(stage.sidecar().log());
        Map<String, Seen> started = stage.topics().events(ID).stream()
                .filter(event ->
                        event.happening().equals("started") && event.data().has("intent"))
                .filter(event -> event.type().startsWith("io.respawn.intent."))
                .collect(Collectors.toMap(event -> event.data().path("intent").asText(), event -> event));
        for (Command order : forced) {
            String id = order.id().value();
            JsonNode intent = json("/api/v1/intents/" + id);
            assertThat(intent.path("force").asBoolean()).isTrue();
            assertThat(intent.path("requestedBy").asText()).isEqualTo(order.requestedBy());
            assertThat(started.get(id).data().path("detail").asText()).isEqualTo("forced: no budget was asked");
            assertThat(started.get(id).data().path("requestedBy").asText()).isEqualTo(order.requestedBy());
            assertThat(log)
                    .anyMatch(line -> line.contains("intent started")
                            && line.contains("intent=" + id + " ")
                            && line.contains("by=" + order.requestedBy() + " ")
                            && line.contains("forced"));
        }
    }

    @Test
    void exactlyWhatFindsNoRoomIsRejected() {
        // given
        List<Command> orders = restarts("full", ROOM + 80, command -> command);

        // when
        sendAtOnce(orders);
        stage.topics().awaitEvents("all answers", ID, all -> answered(all, orders) == orders.size());
        int waiting = total("service=full&state=pending");
        String stop = stage.submit("full", "stop", "{}");
        Map<String, Seen> outcomes = outcomes(orders);

        // then
        assertThat(waiting).isEqualTo(ROOM);
        assertThat(counts(orders, outcomes)).isEqualTo(Map.of("rejected", 80, "cancelled", ROOM));
        assertThat(total("service=full&state=rejected")).isEqualTo(80);
        assertThat(total("service=full&state=cancelled")).isEqualTo(ROOM);
        assertThat(outcomes.values())
                .filteredOn(outcome -> outcome.happening().equals("rejected"))
                .allMatch(outcome -> outcome.data().path("detail").asText().contains("buffer-full"));
        assertThat(stage.outcome(stop).path("outcome").asText()).isEqualTo("succeeded");
        assertThat(startedFor("full")).hasSize(1);
    }

    @Test
    void whatHasBegunIsNotTakenBack() {
        // given
        JsonNode before = stage.await("held", "ready");
        Command begun = restart("held", 0).made();
        sendAtOnce(List.of(begun));
        stage.await("held", "terminating");
        Command byTopic =
                Commands.cancel(new IntentId("cancel-begun"), begun.id()).made();

        // when
        HttpResponse<String> byApi = stage.sidecar().delete("/api/v1/intents/" + begun.id());
        sendAtOnce(List.of(byTopic));
        Seen refused = outcomes(List.of(byTopic)).get("cancel-begun");
        Stage.kill(before.path("pid").asInt());
        Seen succeeded = outcomes(List.of(begun)).get(begun.id().value());
        HttpResponse<String> afterwards = stage.sidecar().delete("/api/v1/intents/" + begun.id());

        // then
        assertThat(byApi.statusCode()).isEqualTo(409);
        assertThat(byApi.body()).contains("Cannot cancel " + begun.id() + ": it has begun");
        assertThat(refused.happening()).isEqualTo("failed");
        assertThat(refused.data().path("detail").asText()).contains("it has begun");
        assertThat(succeeded.happening()).isEqualTo("succeeded");
        assertThat(afterwards.statusCode()).isEqualTo(409);
        assertThat(afterwards.body()).contains("it is over: succeeded");
        assertThat(stage.sidecar().delete("/api/v1/intents/nobody").statusCode())
                .isEqualTo(404);
    }

    private static Commands restart(String service, int number) {
        return Commands.of(new IntentId(service + "-" + number), Action.RESTART, new ServiceName(service))
                .requestedBy("user-" + number)
                .waitFor(WaitFor.READY);
    }

    private static List<Command> restarts(String service, int count, Function<Commands, Commands> terms) {
        int from = GIVEN.merge(service, count, Integer::sum) - count;
        return IntStream.range(from, from + count)
                .mapToObj(number -> terms.apply(restart(service, number)).made())
                .toList();
    }

    @SafeVarargs
    private static List<Command> all(List<Command>... lists) {
        List<Command> all = new ArrayList<>();
        for (List<Command> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    /** Every other thread by Kafka, those between by the API. */
    private static void sendAtOnce(List<Command> commands) {
        List<Future<?>> sent = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                List<String> part = IntStream.range(0, commands.size())
                        .filter(index -> index % THREADS == thread)
                        .mapToObj(index -> CODEC.encode(commands.get(index), Optional.empty()))
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .toList();
                if (!part.isEmpty()) {
                    sent.add(threads.submit(() -> send(part, thread % 2 == 0)));
                }
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("Cannot send all orders", e);
        }
    }

    private static void send(List<String> bodies, boolean byKafka) {
        if (byKafka) {
            stage.kcat().send(bodies.toArray(String[]::new));
        } else {
            bodies.forEach(body -> stage.sidecar().post("/api/v1/intents", body));
        }
    }

    private static void awaitAll(String happening, List<Command> commands) {
        List<String> wanted = ids(commands);
        stage.topics()
                .awaitEvents(
                        commands.size() + " times " + happening,
                        ID,
                        all -> all.stream()
                                        .filter(event -> event.happening().equals(happening))
                                        .map(event ->
                                                event.data().path("intent").asText())
                                        .filter(wanted::contains)
                                        .count()
                                == wanted.size());
    }

    /** How many of them were accepted or refused. */
    private static long answered(List<Seen> all, List<Command> commands) {
        List<String> wanted = ids(commands);
        return all.stream()
                .filter(event -> event.happening().equals("accepted")
                        || event.happening().equals("rejected"))
                .filter(event -> wanted.contains(event.data().path("intent").asText()))
                .count();
    }

    /** The outcome of each, as soon as all have one; none has two, and each names whoever ordered it. */
    private static Map<String, Seen> outcomes(List<Command> commands) {
        Map<String, Command> wanted = commands.stream()
                .collect(Collectors.toMap(command -> command.id().value(), command -> command));
        List<Seen> outcomes = ended(
                stage.topics()
                        .awaitEvents(
                                "all outcomes", ID, all -> ended(all, wanted).size() >= wanted.size()),
                wanted);
        assertThat(outcomes)
                .extracting(outcome -> outcome.data().path("intent").asText())
                .doesNotHaveDuplicates();
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(
                                outcome.data().path("requestedBy").asText())
                        .isEqualTo(wanted.get(outcome.data().path("intent").asText())
                                .requestedBy()));
        return outcomes.stream()
                .collect(Collectors.toMap(
                        outcome -> outcome.data().path("intent").asText(), outcome -> outcome));
    }

    private static List<Seen> ended(List<Seen> all, Map<String, Command> wanted) {
        return all.stream()
                .filter(Seen::isOutcome)
                .filter(event -> wanted.containsKey(event.data().path("intent").asText()))
                .toList();
    }

    private static Map<String, Integer> counts(List<Command> commands, Map<String, Seen> outcomes) {
        return ids(commands).stream()
                .map(id -> outcomes.get(id).happening())
                .collect(Collectors.toMap(word -> word, word -> 1, Integer::sum));
    }

    private static List<String> ids(List<Command> commands) {
        return commands.stream().map(command -> command.id().value()).toList();
    }

    /** Which orders asked for the starts of a service, in their order; the sidecar's own first start is left out. */
    private static List<String> startedFor(String service) {
        return stage.lines("starts").stream()
                .filter(line -> line.startsWith(service + " "))
                .map(line -> line.substring(service.length() + 1))
                .filter(intent -> !intent.isEmpty())
                .toList();
    }

    private static int total(String query) {
        return json("/api/v1/intents?limit=1&" + query).path("total").asInt();
    }

    private static JsonNode json(String path) {
        return stage.sidecar().json(path);
    }
}
