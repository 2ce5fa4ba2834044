package io.respawn.web;

import io.respawn.core.Intent;
import io.respawn.model.IntentId;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** Shows intents, waits for their end, and takes orders of every kind. */
@Path("/api/v1/intents")
@Produces(MediaType.APPLICATION_JSON)
public final class IntentsResource {

    private final Reader reader;
    private final Orders orders;
    private final IntentWait waiting;

    IntentsResource(Reader reader, Orders orders, IntentWait waiting) {
        this.reader = reader;
        this.orders = orders;
        this.waiting = waiting;
    }

    /** The newest intents. */
    @GET
    public Uni<IntentsView> newest(
            @QueryParam("service") Optional<String> service,
            @QueryParam("state") List<String> states,
            @QueryParam("source") Optional<String> source,
            @QueryParam("requested-by") Optional<String> requestedBy,
            @QueryParam("limit") @DefaultValue("100") String limit) {
        IntentFilter filter = new IntentFilter(service.map(Parameters::service), states, source, requestedBy);
        int most = Parameters.limit(limit);
        return reader.snapshot().map(snapshot -> IntentsView.of(snapshot, filter, most));
    }

    /** One intent, at once or when it has ended; if the time is over before that, as it is then. */
    @GET
    @Path("{id: .+}")
    public Uni<IntentView> one(
            @PathParam("id") String text,
            @QueryParam("wait") @DefaultValue("false") boolean wait,
            @QueryParam("timeout") @DefaultValue("30s") String timeout) {
        IntentId id = Parameters.intent(text);
        Uni<Optional<Intent>> found = wait
                ? Reader.here(waiting.end(id, Parameters.wait(timeout)))
                : reader.snapshot().map(snapshot -> IntentWait.find(id, snapshot));
        return found.map(intent -> intent.orElseThrow(() -> unknown(id)))
                .flatMap(intent -> reader.snapshot().map(snapshot -> IntentView.of(intent, new Delays(snapshot))));
    }

    static Refusal unknown(IntentId id) {
        return new Refusal(
                404,
                "Cannot find order '" + id + "': it was never taken, or it ended long ago; 'respawn intents', or GET"
                        + " /api/v1/intents, lists those that are known");
    }

    /** Takes an intent back that has not begun; answers with what has become of it. */
    @DELETE
    @Path("{id: .+}")
    public Uni<IntentView> cancel(
            @PathParam("id") String id,
            @QueryParam("reason") @DefaultValue("") String reason,
            @QueryParam("requested-by") @DefaultValue("") String requestedBy,
            @QueryParam("accept-memory") @DefaultValue("false") boolean acceptMemory) {
        return orders.cancel(Parameters.intent(id), reason, requestedBy, acceptMemory);
    }

    /** Takes an order of every kind; the body is a command. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> order(@QueryParam("accept-memory") @DefaultValue("false") boolean acceptMemory, byte[] body) {
        return orders.take(body, Optional.empty(), acceptMemory);
    }
}
