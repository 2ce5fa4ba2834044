package io.respawn.web;

import io.respawn.model.Action;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Schedules;
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
import java.util.Locale;
import java.util.Optional;

/** Shows services and takes orders for one of them. */
@Path("/api/v1/services")
@Produces(MediaType.APPLICATION_JSON)
public final class ServicesResource {

    private final Reader reader;
    private final Orders orders;
    private final Drift drift;
    private final Schedules schedules;

    ServicesResource(Reader reader, Orders orders, Drift drift, Schedules schedules) {
        this.reader = reader;
        this.orders = orders;
        this.drift = drift;
        this.schedules = schedules;
    }

    /** The sidecar and all its services. */
    @GET
    public Uni<ServicesView> all() {
        return reader.snapshot()
                .flatMap(snapshot -> drift.lately(snapshot)
                        .map(found -> ServicesView.of(snapshot, found, schedules.outlook(snapshot))));
    }

    /** One service. */
    @GET
    @Path("{name}")
    public Uni<ServiceView> one(@PathParam("name") String name) {
        ServiceName service = Parameters.service(name);
        return reader.snapshot()
                .map(snapshot -> ServiceView.find(service, snapshot, schedules.outlook(snapshot))
                        .orElseThrow(() -> unknown(service)));
    }

    static Refusal unknown(ServiceName service) {
        return new Refusal(
                404,
                "Cannot find service '" + service
                        + "': 'respawn status', or GET /api/v1/services, lists those there are");
    }

    /** Takes an order; the body may be empty or say more, for example {@code {"reason": "new certificate"}}. */
    @POST
    @Path("{name}/{action: restart|start|stop|signal|reset|scale}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> order(
            @PathParam("name") String name,
            @PathParam("action") String action,
            @QueryParam("accept-memory") @DefaultValue("false") boolean acceptMemory,
            byte[] body) {
        CommandParser.Addressed addressed = new CommandParser.Addressed(
                Action.valueOf(action.toUpperCase(Locale.ROOT)), Optional.of(Parameters.service(name)));
        return orders.take(body, Optional.of(addressed), acceptMemory);
    }
}
