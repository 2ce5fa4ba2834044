package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not carried out, in the form of RFC 9457.
 *
 * @param type always {@code about:blank}: the status says which kind it is
 * @param title the phrase of the status
 * @param status of the response
 * @param detail what happened and what can be done
 * @param instance the path that was asked for
 * @param intent the order that was refused, if it became one; the one that cannot be cancelled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        @Nullable IntentView intent) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(int status, String detail, String instance, @Nullable IntentView intent) {
        return new Problem("about:blank", title(status), status, detail, instance, intent);
    }

    private static String title(int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        if (known != null) {
            return known.getReasonPhrase();
        }
        return status == 421 ? "Misdirected Request" : "Status " + status;
    }

    Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
