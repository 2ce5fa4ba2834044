package io.respawn.web;

import io.respawn.model.Action;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Shows what was declared, and takes the order to read it again. */
@Path("/api/v1/plan")
@Produces(MediaType.APPLICATION_JSON)
public final class PlanResource {

    private final Reader reader;
    private final Drift drift;
    private final Orders orders;

    PlanResource(Reader reader, Drift drift, Orders orders) {
        this.reader = reader;
        this.drift = drift;
        this.orders = orders;
    }

    /** The plan in force, and what the configuration says otherwise. */
    @GET
    public Uni<PlanView> plan() {
        return reader.snapshot().flatMap(snapshot -> drift.now(snapshot).map(found -> PlanView.of(snapshot, found)));
    }

    /** Applies the configuration as it is now, or says what that would do; there need be no body. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> apply(
            @QueryParam("dry-run") @DefaultValue("false") boolean dryRun,
            @QueryParam("accept-memory") @DefaultValue("false") boolean acceptMemory,
            byte[] body) {
        if (!dryRun) {
            return orders.take(
                    body, Optional.of(new CommandParser.Addressed(Action.RELOAD, Optional.empty())), acceptMemory);
        }
        return reader.snapshot().flatMap(drift::now).map(found -> {
            if (!found.mistakes().isEmpty()) {
                throw new Refusal(
                        422, "Cannot use the configuration as it is:\n" + String.join("\n", found.mistakes()));
            }
            return Response.ok(found).build();
        });
    }
}
