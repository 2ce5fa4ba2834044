package io.respawn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sidecar's HTTP API as the command line sees it; every failure is a {@link CliException} with its exit code. */
final class Api implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final String base;

    Api(URI base) {
        String text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** The sidecar and all its services. */
    JsonNode services() {
        return answer(request("/api/v1/services").GET().timeout(ANSWER_TIMEOUT).build());
    }

    /** Gives an order for one service; answers with the intent that it became. */
    JsonNode order(String service, String action, JsonNode body, boolean acceptMemory) {
        return post("/api/v1/services/" + encoded(service) + "/" + action, body, acceptMemory);
    }

    /** Gives the order to load the sidecar anew; answers with the intent that it became. */
    JsonNode respawn(JsonNode body, boolean acceptMemory) {
        return post("/api/v1/respawn", body, acceptMemory);
    }

    /** The plan in force, and what the configuration says otherwise. */
    JsonNode plan() {
        return answer(request("/api/v1/plan").GET().timeout(ANSWER_TIMEOUT).build());
    }

    /** Gives the order to apply the configuration as it is now; answers with the intent that it became. */
    JsonNode apply(JsonNode body, boolean acceptMemory) {
        return post("/api/v1/plan", body, acceptMemory);
    }

    /** What that would do. */
    JsonNode dryRun() {
        return answer(request("/api/v1/plan?dry-run=true")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(ANSWER_TIMEOUT)
                .build());
    }

    private JsonNode post(String path, JsonNode body, boolean acceptMemory) {
        return answer(request(path + (acceptMemory ? "?accept-memory=true" : ""))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .timeout(ANSWER_TIMEOUT)
                .build());
    }

    /** The newest intents of those that the query asks for. */
    JsonNode intents(Query query) {
        return answer(
                request("/api/v1/intents" + query).GET().timeout(ANSWER_TIMEOUT).build());
    }

    /** The intent as it is now. */
    JsonNode intent(String id) {
        return answer(request("/api/v1/intents/" + encoded(id))
                .GET()
                .timeout(ANSWER_TIMEOUT)
                .build());
    }

    /** Takes an intent back that has not begun; answers with what became of it. */
    JsonNode cancel(String id, Query query) {
        return answer(request("/api/v1/intents/" + encoded(id) + query)
                .DELETE()
                .timeout(ANSWER_TIMEOUT)
                .build());
    }

    /** The intent when it has ended, or as it is after the span. */
    JsonNode intent(String id, Duration wait) {
        String path = "/api/v1/intents/" + encoded(id) + "?wait=true&timeout=" + Math.max(1, wait.toMillis()) + "ms";
        return answer(request(path).GET().timeout(wait.plus(ANSWER_TIMEOUT)).build());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "application/json");
    }

    /** Hands each line over as it comes, until the answer ends or the taker says false. */
    void logs(String service, String query, boolean endless, Predicate<String> taker) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base + "/api/v1/services/" + encoded(service) + "/logs" + query))
                .header("Accept", "text/plain")
                .GET();
        // A service that writes nothing leaves even the head of the answer open.
        HttpResponse<InputStream> response = send(
                endless ? request.build() : request.timeout(ANSWER_TIMEOUT).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (!isDone(response.statusCode())) {
                throw refused(response.statusCode(), lines.lines().collect(Collectors.joining()));
            }
            String line = lines.readLine();
            while (line != null && taker.test(line)) {
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new CliException(
                    Exit.UNREACHABLE, "Cannot read on: the sidecar at " + base + " ended the connection", e);
        }
    }

    private JsonNode answer(HttpRequest request) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (!isDone(response.statusCode())) {
            throw refused(response.statusCode(), response.body());
        }
        return json(response.statusCode(), response.body());
    }

    private static boolean isDone(int status) {
        return status / 100 == 2;
    }

    private CliException refused(int status, String body) {
        String detail = json(status, body).path("detail").asText("");
        int exit =
                switch (status) {
                    case 400 -> Exit.USAGE;
                    case 504 -> Exit.TIMEOUT;
                    default -> Exit.FAILED;
                };
        return new CliException(
                exit, detail.isEmpty() ? "Cannot do this: " + base + " answered with status " + status : detail);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request, body);
        } catch (HttpConnectTimeoutException e) {
            throw unreachable("no connection within " + Spans.words(CONNECT_TIMEOUT), e);
        } catch (HttpTimeoutException e) {
            throw new CliException(Exit.TIMEOUT, "Cannot wait longer for " + base + ": it did not answer in time", e);
        } catch (IOException e) {
            throw unreachable(e.getMessage() == null ? "connection refused" : e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(Exit.TIMEOUT, "Cannot wait for " + base + " any longer: interrupted", e);
        }
    }

    private JsonNode json(int status, String text) {
        try {
            JsonNode body = Output.JSON.readTree(text);
            if (body.isObject()) {
                return body;
            }
            throw foreign(status, null);
        } catch (JsonProcessingException e) {
            throw foreign(status, e);
        }
    }

    private CliException foreign(int status, @Nullable Throwable cause) {
        return new CliException(
                Exit.UNREACHABLE,
                "Cannot find a sidecar at " + base + ": something else answers there (status " + status
                        + "); correct --url or RESPAWN_URL",
                cause);
    }

    private CliException unreachable(String why, Throwable cause) {
        return new CliException(
                Exit.UNREACHABLE,
                "Cannot reach the sidecar at " + base + ": " + why
                        + "; is it running? --url or RESPAWN_URL names another one",
                cause);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
