package io.respawn.web;

import io.respawn.model.Action;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Takes the order to load the sidecar anew; it answers before that begins. */
@Path("/api/v1/respawn")
@Produces(MediaType.APPLICATION_JSON)
public final class RespawnResource {

    private final Orders orders;

    RespawnResource(Orders orders) {
        this.orders = orders;
    }

    /** The body may be empty or say more, for example {@code {"reason": "new version"}}. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> order(@QueryParam("accept-memory") @DefaultValue("false") boolean acceptMemory, byte[] body) {
        return orders.take(
                body, Optional.of(new CommandParser.Addressed(Action.RESPAWN, Optional.empty())), acceptMemory);
    }
}
