package io.respawn.web;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Shows what was declared. */
@Path("/api/v1/plan")
@Produces(MediaType.APPLICATION_JSON)
public final class PlanResource {

    private final Reader reader;

    PlanResource(Reader reader) {
        this.reader = reader;
    }

    /** The plan in force. */
    @GET
    public Uni<PlanView> plan() {
        return reader.snapshot().map(snapshot -> PlanView.of(snapshot.plan()));
    }
}
