package io.respawn.web;

import io.respawn.model.IntentId;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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
            @QueryParam("open") @DefaultValue("false") boolean open,
            @QueryParam("limit") @DefaultValue("100") String limit) {
        int most = Parameters.limit(limit);
        return reader.snapshot().map(snapshot -> IntentsView.of(snapshot, open, most));
    }

    /** One intent, at once or when it has ended; if the time is over before that, as it is then. */
    @GET
    @Path("{id: .+}")
    public Uni<IntentView> one(
            @PathParam("id") String text,
            @QueryParam("wait") @DefaultValue("false") boolean wait,
            @QueryParam("timeout") @DefaultValue("30s") String timeout) {
        IntentId id = Parameters.intent(text);
        Uni<Optional<IntentView>> found = wait
                ? Reader.here(waiting.end(id, Parameters.wait(timeout))).map(intent -> intent.map(IntentView::of))
                : reader.snapshot()
                        .map(snapshot -> IntentWait.find(id, snapshot).map(intent -> IntentView.of(intent, snapshot)));
        return found.map(view -> view.orElseThrow(
                () -> new Refusal(404, "Cannot find intent '" + id + "': it was never taken, or it ended long ago")));
    }

    /** Takes an order of every kind; the body is a command. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> order(@QueryParam("accept-memory") @DefaultValue("false") boolean acceptMemory, byte[] body) {
        return orders.take(body, Optional.empty(), acceptMemory);
    }
}
