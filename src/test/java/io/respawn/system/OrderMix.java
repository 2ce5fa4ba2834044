package io.respawn.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.respawn.system.Verdict.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Makes up orders of all kinds, the same ones for the same seed but for times and incarnations. */
final class OrderMix {

    static final List<String> SINGLE =
            IntStream.range(0, 6).mapToObj(i -> "single-" + i).toList();
    static final List<String> PAIRS = List.of("pair-0", "pair-1");
    static final List<String> CYCLES = List.of("cycle-0", "cycle-1");

    private final SplittableRandom random;
    private final ToLongFunction<String> incarnations;
    private final Map<String, String> bodies = new HashMap<>();
    private final Map<String, Integer> conflicts = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final Map<String, String> actions = new HashMap<>();

    /** {@code incarnations} tells the newest of a service, as far as it is known. */
    OrderMix(SplittableRandom random, ToLongFunction<String> incarnations) {
        this.random = random;
        this.incarnations = incarnations;
    }

    /** One order, or two that belong together. */
    synchronized List<String> next() {
        int kind = random.nextInt(100);
        if (kind < 68 || ids.size() < 10) {
            return List.of(restart());
        }
        if (kind < 84) {
            String service = any(CYCLES);
            return List.of(remembered(order("stop", service)), remembered(order("start", service)));
        }
        if (kind < 92) {
            return List.of(bodies.get(any(ids)));
        }
        if (kind < 94) {
            return List.of(conflicting(any(ids)));
        }
        if (kind < 98) {
            ObjectNode cancel = order("cancel", "");
            cancel.put("intent", any(ids.subList(Math.max(0, ids.size() - 20), ids.size())));
            return List.of(remembered(cancel));
        }
        return List.of(remembered(order("restart", "unknown")));
    }

    /** Everything that has an id of its own. */
    synchronized List<Sent> sent() {
        return ids.stream()
                .map(id -> new Sent(id, actions.get(id), conflicts.getOrDefault(id, 0)))
                .toList();
    }

    private String restart() {
        boolean pair = random.nextInt(4) == 0;
        String service = any(pair ? PAIRS : SINGLE);
        ObjectNode order = order("restart", service);
        if (pair && random.nextBoolean()) {
            order.put("instance", random.nextInt(2));
        }
        if (random.nextInt(3) == 0) {
            // Each a little different, so that no other order is satisfied by what it does.
            order.put("gracePeriod", 6000 + ids.size() % 200 + "ms");
        }
        if (random.nextInt(6) == 0) {
            order.put("priority", random.nextInt(-10, 11));
        }
        switch (random.nextInt(10)) {
            case 0 -> order.put("notBefore", in(3000));
            case 1 -> order.put("expiresAt", in(4000));
            default -> {}
        }
        if (random.nextInt(12) == 0) {
            order.put("ifIncarnation", incarnations.applyAsLong(service));
        }
        if (random.nextInt(15) == 0) {
            order.put("force", true);
        }
        return remembered(order);
    }

    private String in(int mostMillis) {
        return Instant.now().plusMillis(random.nextInt(mostMillis)).toString();
    }

    private ObjectNode order(String action, String service) {
        ObjectNode order = RunningSidecar.JSON.createObjectNode();
        order.put("id", "order-" + ids.size()).put("action", action);
        if (!service.isEmpty()) {
            order.put("service", service);
        }
        return order;
    }

    private String remembered(ObjectNode order) {
        String id = order.path("id").asText();
        ids.add(id);
        actions.put(id, order.path("action").asText());
        bodies.put(id, order.toString());
        return order.toString();
    }

    private String conflicting(String id) {
        conflicts.merge(id, 1, Integer::sum);
        return order("ping", "").put("id", id).toString();
    }

    private String any(List<String> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
