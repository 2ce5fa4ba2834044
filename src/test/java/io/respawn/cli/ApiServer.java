package io.respawn.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A real HTTP server on the loopback address that answers what the API answered once. */
final class ApiServer implements AutoCloseable {

    static final String SERVICES = """
            {"at":"2026-11-22T12:00:00Z",
             "sidecar":{"id":"shop","phase":"running","kafka":"degraded","kafkaDetail":"broker 1 does not answer",
               "durability":"local","durabilityDetail":"","epoch":3,"seq":81,"unacknowledged":3},
             "services":[
              {"name":"web","desired":"up","handSet":false,"orderedBy":"","state":"ready","supervisorState":"RUNNING",
               "ready":true,"essential":true,"declared":true,"instances":[
                {"index":0,"state":"ready","supervisorState":"RUNNING","incarnation":4,"pid":4711,"restarts":3,
                 "attempt":0,"since":"2026-11-22T11:54:58Z","reason":"",
                 "lastExit":{"incarnation":3,"status":"SIGKILL","at":"2026-11-22T11:54:57Z","leftovers":0}}]},
              {"name":"worker","desired":"up","handSet":false,"orderedBy":"","state":"1 backing-off, 1 ready",
               "supervisorState":"1 BACKOFF, 1 RUNNING","ready":false,"essential":false,"declared":true,"instances":[
                {"index":0,"state":"backing-off","supervisorState":"BACKOFF","incarnation":2,"restarts":1,"attempt":2,
                 "since":"2026-11-22T11:59:57Z","nextStart":"2026-11-22T12:00:02Z","reason":"restarts after a crash",
                 "lastExit":{"incarnation":2,"status":"exit code 1","at":"2026-11-22T11:59:57Z","leftovers":0}},
                {"index":1,"state":"ready","supervisorState":"RUNNING","incarnation":1,"pid":4712,"restarts":0,
                 "attempt":0,"since":"2026-11-22T10:00:00Z","reason":""}]},
              {"name":"slow","desired":"down","handSet":true,"orderedBy":"op@h\u00f6st","state":"stopped",
               "supervisorState":"STOPPED","ready":false,"essential":false,"declared":true,"instances":[
                {"index":0,"state":"stopped","supervisorState":"STOPPED","incarnation":1,"restarts":0,"attempt":0,
                 "since":"2026-11-22T11:00:00Z","reason":""}]}]}
            """;

    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final Map<String, Answer> always = new ConcurrentHashMap<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final List<String> contentTypes = new CopyOnWriteArrayList<>();

    ApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", this::handle);
        server.start();
    }

    static String intent(String phase, @Nullable String outcome, String detail) {
        return intent("restart", phase, outcome, detail);
    }

    static String intent(String action, String phase, @Nullable String outcome, String detail) {
        return "{\"id\":\"i-1\",\"source\":\"api\",\"action\":\"" + action + "\",\"service\":\"web\",\"phase\":\""
                + phase
                + "\","
                + (outcome == null ? "" : "\"outcome\":\"" + outcome + "\",") + "\"detail\":\"" + detail
                + "\",\"targets\":[],\"durability\":\"kafka\",\"href\":\"/api/v1/intents/i-1\"}";
    }

    /** The next answers to a request such as {@code GET /api/v1/services}, the last one for all that follow. */
    void answers(String request, int status, String body) {
        answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Answer(status, body));
        always.put(request, new Answer(status, body));
    }

    void answersAlways(String request, int status, String body) {
        always.put(request, new Answer(status, body));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> bodies() {
        return bodies;
    }

    /** As they were sent, of requests that had one. */
    List<String> queries() {
        return queries;
    }

    List<String> contentTypes() {
        return contentTypes;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            if (exchange.getRequestURI().getRawQuery() != null) {
                queries.add(exchange.getRequestURI().getRawQuery());
            }
            if (exchange.getRequestMethod().equals("POST")) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                contentTypes.add(exchange.getRequestHeaders().getFirst("Content-Type"));
            }
            Answer next = answers.getOrDefault(request, new ArrayDeque<>()).poll();
            Answer answer =
                    next != null ? next : always.getOrDefault(request, new Answer(500, "{\"detail\":\"unexpected\"}"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
