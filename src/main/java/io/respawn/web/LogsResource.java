package io.respawn.web;

import io.respawn.core.Instance;
import io.respawn.core.Service;
import io.respawn.model.InstanceId;
import io.respawn.model.ServiceName;
import io.respawn.supervise.OutputReader;
import io.respawn.supervise.Snapshot;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows what a service wrote, and goes on as it writes if that is asked for. */
@Path("/api/v1/services/{name}/logs")
public final class LogsResource {

    private final Reader reader;
    private final OutputReader output;

    LogsResource(Reader reader, OutputReader output) {
        this.reader = reader;
        this.output = output;
    }

    /**
     * The last lines as text, or each as an object of JSON if {@code format=json}; with {@code follow} the answer does not
     * end. Whoever reads too slowly loses lines and is told how many.
     */
    @GET
    @Produces("text/plain;charset=UTF-8")
    public Multi<String> lines(
            @PathParam("name") String name,
            @QueryParam("instance") @Nullable String instance,
            @QueryParam("lines") @DefaultValue("100") String lines,
            @QueryParam("follow") @DefaultValue("false") boolean follow,
            @QueryParam("format") @DefaultValue("text") String format) {
        ServiceName service = Parameters.service(name);
        Optional<Integer> index = Optional.ofNullable(instance).map(Parameters::instance);
        int count = Parameters.lines(lines);
        boolean json = Parameters.isJson(format);
        return reader.snapshot().onItem().transformToMulti(snapshot -> {
            List<InstanceId> chosen = chosen(snapshot, service, index);
            LineText text = new LineText(json, chosen.size() > 1);
            return follow
                    ? Reader.here(output.follow(chosen, count)).map(text::of)
                    : Multi.createFrom().iterable(output.last(chosen, count)).map(text::of);
        });
    }

    /** The last lines as one object. */
    @GET
    @Produces(MediaType.APPLICATION_JSON + ";qs=0.5")
    public Uni<LogsView> object(
            @PathParam("name") String name,
            @QueryParam("instance") @Nullable String instance,
            @QueryParam("lines") @DefaultValue("100") String lines,
            @QueryParam("follow") @DefaultValue("false") boolean follow) {
        ServiceName service = Parameters.service(name);
        Optional<Integer> index = Optional.ofNullable(instance).map(Parameters::instance);
        int count = Parameters.lines(lines);
        if (follow) {
            throw new Refusal(
                    406, "Cannot follow in one JSON object: accept text/plain, with format=json for an object a line");
        }
        return reader.snapshot()
                .map(snapshot -> LogsView.of(service, output.last(chosen(snapshot, service, index), count)));
    }

    private static List<InstanceId> chosen(Snapshot snapshot, ServiceName name, Optional<Integer> index) {
        Service service = snapshot.services().get(name);
        if (service == null) {
            throw ServicesResource.unknown(name);
        }
        List<InstanceId> chosen = service.instances().stream()
                .map(Instance::id)
                .filter(id -> index.isEmpty() || index.get() == id.index())
                .toList();
        if (chosen.isEmpty()) {
            throw new Refusal(
                    404,
                    "Cannot find instance " + index.map(String::valueOf).orElse("") + " of '" + name + "': there are "
                            + service.instances().size() + ", counted from 0");
        }
        return chosen;
    }
}
