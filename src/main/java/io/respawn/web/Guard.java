package io.respawn.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every route. A page in a browser on the same machine can send requests to this port: by a name that it
 * lets resolve to 127.0.0.1 (hence the list of hosts), from its own origin (hence the check of the origin), and without
 * asking first as long as a request is a simple one (hence JSON only).
 */
@Singleton
final class Guard {

    static final int BODY_LIMIT = 64 * 1024;

    /** Earlier than the framework's own limits, so that those answers are problems too. */
    private static final int PRIORITY = 1000;

    private final Hosts hosts;

    Guard(@ConfigProperty(name = "respawn.http.allowed-hosts") Optional<List<String>> allowedHosts) {
        this.hosts = new Hosts(allowedHosts.orElse(List.of()));
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        request.response().putHeader("X-Content-Type-Options", "nosniff").putHeader("Cache-Control", "no-store");
        HostAndPort authority = request.authority();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (authority == null || !hosts.allows(authority.host())) {
            refuse(
                    routing,
                    421,
                    "Cannot answer under this host name: use 127.0.0.1 or localhost, or add the name to"
                            + " respawn.http.allowed-hosts");
        } else if (origin != null && !Hosts.isSameOrigin(origin, request.isSSL() ? "https" : "http", authority)) {
            refuse(routing, 403, "Cannot take requests from pages of another origin");
        } else if (sendsBody(request.method()) && !isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            refuse(routing, 415, Problems.detail(415));
        } else if (isTooLong(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            // The body is on its way and nobody is going to read it.
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
            refuse(routing, 413, Problems.detail(413));
        } else {
            routing.next();
        }
    }

    private static boolean sendsBody(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private static boolean isTooLong(@Nullable String contentLength) {
        // What is no number was refused by the parser of HTTP; what is longer than 9 digits is too long.
        return contentLength != null && (contentLength.length() > 9 || Long.parseLong(contentLength) > BODY_LIMIT);
    }

    private static void refuse(RoutingContext routing, int status, String detail) {
        HttpServerResponse response = routing.response();
        Problem problem = Problem.of(status, detail, String.valueOf(routing.normalizedPath()), null);
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.end(new JsonObject()
                .put("type", problem.type())
                .put("title", problem.title())
                .put("status", status)
                .put("detail", detail)
                .put("instance", problem.instance())
                .encode());
    }
}
