package io.respawn.probe;

import io.respawn.model.Probe.HttpGet;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Asks by GET; the status alone answers, redirects are not followed. */
record HttpAttempt(HttpClient client, HttpGet get, Duration timeout) implements Attempt {

    /** A body is read to its end, so that the service sees no broken connection, unless it is longer than this. */
    private static final long BODY_LIMIT = 10 * 1024;

    @Override
    public String target() {
        return "http://" + Clients.LOOPBACK + ":" + get.port() + get.path();
    }

    @Override
    public Asked ask() {
        Future<HttpClientRequest> request = client.request(new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(Clients.LOOPBACK)
                .setPort(get.port())
                .setURI(get.path())
                .setConnectTimeout(timeout.toMillis())
                // Ends a body that never ends. Longer than the timeout, so that this is not what people read about.
                .setIdleTimeout(timeout.plusSeconds(1).toMillis())
                .putHeader("User-Agent", "respawn-probe"));
        Future<Answer> answer = request.compose(HttpClientRequest::send)
                .map(this::judge)
                .otherwise(failure -> Answer.failure("Cannot get " + target(), failure));
        return new Asked(answer, () -> request.onSuccess(HttpClientRequest::reset));
    }

    private Answer judge(HttpClientResponse response) {
        discardBody(response);
        int status = response.statusCode();
        String detail = target() + " answered " + status;
        return status >= 200 && status < 400 ? Answer.success(detail) : Answer.failure(detail);
    }

    private static void discardBody(HttpClientResponse response) {
        AtomicLong read = new AtomicLong();
        response.handler(part -> {
            if (read.addAndGet(part.length()) > BODY_LIMIT) {
                response.request().reset();
            }
        });
        // The status was the answer: how the rest ends says nothing more.
        response.exceptionHandler(ignored -> {});
    }
}
