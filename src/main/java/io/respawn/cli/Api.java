package io.respawn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
        String path =
                "/api/v1/services/" + encoded(service) + "/" + action + (acceptMemory ? "?accept-memory=true" : "");
        return answer(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
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

    private JsonNode answer(HttpRequest request) {
        HttpResponse<String> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
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
        JsonNode body = json(response);
        if (response.statusCode() / 100 == 2) {
            return body;
        }
        String detail = body.path("detail").asText("");
        throw new CliException(
                response.statusCode() == 504 ? Exit.TIMEOUT : Exit.FAILED,
                detail.isEmpty()
                        ? "Cannot do this: " + base + " answered with status " + response.statusCode()
                        : detail);
    }

    private JsonNode json(HttpResponse<String> response) {
        try {
            JsonNode body = Output.JSON.readTree(response.body());
            if (body.isObject()) {
                return body;
            }
            throw foreign(response.statusCode(), null);
        } catch (JsonProcessingException e) {
            throw foreign(response.statusCode(), e);
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
