package io.respawn.web;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes a problem of whatever goes wrong in a request; the stack of what should not happen is for the log only. */
final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    Response refused(Refusal refusal, UriInfo uri) {
        return refusal.problem(uri.getPath()).response();
    }

    /** Said extra, since the framework answers this one with a page of its own while developing. */
    @ServerExceptionMapper
    Response notFound(NotFoundException failure, UriInfo uri) {
        return problem(404, uri);
    }

    @ServerExceptionMapper
    Response known(WebApplicationException failure, UriInfo uri) {
        Response original = failure.getResponse();
        if (original.getStatus() < 400) {
            return original;
        }
        Response.ResponseBuilder problem = Response.fromResponse(problem(original.getStatus(), uri));
        if (original.getHeaderString("Allow") != null) {
            problem.header("Allow", original.getHeaderString("Allow"));
        }
        return problem.build();
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, UriInfo uri) {
        String reference = UUID.randomUUID().toString();
        LOG.errorf(failure, "Cannot answer a request, reference %s", reference);
        return Problem.of(
                        500,
                        "Cannot answer: something that should not happen did; the log has more under reference "
                                + reference,
                        uri.getPath(),
                        null)
                .response();
    }

    private static Response problem(int status, UriInfo uri) {
        return Problem.of(status, detail(status), uri.getPath(), null).response();
    }

    static String detail(int status) {
        return switch (status) {
            case 404 -> "Cannot find this path: the API begins at /api/v1/services, /api/v1/intents and /api/v1/plan";
            case 405 -> "Cannot use this method here: the header 'Allow' names those that work";
            case 406 -> "Cannot answer in the asked form: accept application/json";
            case 413 -> "Cannot take a body of more than 64 KiB";
            case 415 -> "Cannot read this body: send Content-Type application/json";
            default -> "Cannot carry out the request";
        };
    }
}
