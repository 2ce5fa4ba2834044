package io.respawn.app;

import io.respawn.config.Configuration;
import io.respawn.config.LoadRequest;
import io.respawn.config.LoadResult;
import io.respawn.config.Mistake;
import io.respawn.config.UserFile;
import io.respawn.core.Event;
import io.respawn.model.IntentId;
import io.respawn.model.Plan;
import io.respawn.model.ServiceSpec;
import io.respawn.supervise.Configured;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.PlanInForce;
import io.respawn.supervise.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the configuration again when asked to, off the loop, and has everybody go by the plan that is in force. */
final class Reconfiguration implements Plans, Configured, PlanInForce {

    private static final Logger LOG = Logger.getLogger(Reconfiguration.class);

    /** A disk that does not answer must not hold up other orders to the sidecar. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(30);

    private static final Executor READER =
            task -> Thread.ofPlatform().daemon().name("respawn-configuration").start(task);

    private final LoadRequest request;
    private final Parts parts;
    private final PlanFile kept;
    private final EventSink events;
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private @Nullable Known known;

    /** What was read last, and of which file. */
    private record Known(List<Object> mark, Reading reading) {}

    /** {@code request} is what the configuration was loaded by when the sidecar was started. */
    Reconfiguration(LoadRequest request, Parts parts, PlanFile kept, EventSink events) {
        this.request = request;
        this.parts = parts;
        this.kept = kept;
        this.events = events;
    }

    @Override
    public void read(IntentId intent) {
        CompletableFuture<Void> _ = CompletableFuture.supplyAsync(this::read, READER)
                .completeOnTimeout(
                        new Unusable(List.of("it cannot be read within " + LONGEST_READ.toSeconds()
                                + " s; look at the disk it is on, and order it again")),
                        LONGEST_READ.toSeconds(),
                        TimeUnit.SECONDS)
                .exceptionally(failed -> new Unusable(List.of("a defect: " + failed)))
                .thenAccept(reading -> tell(Optional.of(intent), reading));
    }

    /** Has a plan that was found at the beginning of an image go the same way as one that was asked for. */
    void tell(Optional<IntentId> intent, Reading reading) {
        switch (reading) {
            case Usable usable -> events.accept(new Event.PlanRead(intent, usable.plan(), usable.later()));
            case Unusable unusable -> {
                LOG.warnf("Cannot use the configuration, the plan in force stays:");
                unusable.mistakes().forEach(LOG::warn);
                events.accept(new Event.PlanRefused(intent, unusable.mistakes()));
            }
        }
    }

    @Override
    public Reading read() {
        List<Object> mark = mark();
        Reading reading = reading(Configuration.load(request));
        synchronized (this) {
            known = new Known(mark, reading);
        }
        return reading;
    }

    @Override
    public Reading last() {
        List<Object> mark = mark();
        synchronized (this) {
            if (known != null && known.mark().equals(mark)) {
                return known.reading();
            }
        }
        return read();
    }

    /** Tells whether the file is the one that was read; what is in force matters too, since it says what is late. */
    private List<Object> mark() {
        Optional<Path> file = parts.settings().file();
        try {
            BasicFileAttributes now =
                    file.isPresent() ? Files.readAttributes(file.get(), BasicFileAttributes.class) : null;
            return now == null ? List.of() : List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
        } catch (IOException gone) {
            return List.of(gone.toString());
        }
    }

    private Reading reading(LoadResult result) {
        return switch (result) {
            case LoadResult.Refused refused ->
                new Unusable(refused.mistakes().stream().map(Mistake::toString).toList());
            case LoadResult.Loaded loaded ->
                objection(loaded)
                        .<Reading>map(words -> new Unusable(List.of(words)))
                        .orElseGet(() -> new Usable(
                                loaded.plan(),
                                UserFile.changed(parts.inForce().frameworkProperties(), loaded.frameworkProperties())));
        };
    }

    /** Why this is the configuration of another sidecar. */
    private Optional<String> objection(LoadResult.Loaded loaded) {
        if (!loaded.plan().id().equals(parts.plan().id())) {
            return Optional.of("respawn.id: Cannot become '" + loaded.plan().id() + "' while running as '"
                    + parts.plan().id() + "': change it back, or stop this sidecar and start it again");
        }
        if (!loaded.settings().stateDirectory().equals(parts.settings().stateDirectory())) {
            return Optional.of("respawn.state-directory: Cannot move the state directory while it is in use: change it"
                    + " back, or stop this sidecar and start it again");
        }
        return Optional.empty();
    }

    /** The first of a new image: what is beside the plan is taken up as well, since nothing goes by it yet. */
    void takeUp() {
        LoadResult found = Configuration.load(request);
        Reading reading = reading(found);
        if (found instanceof LoadResult.Loaded loaded && reading instanceof Usable usable) {
            parts.inForce().settings(loaded.settings(), loaded.frameworkProperties());
            loaded.frameworkProperties().forEach(System::setProperty);
            if (!usable.plan().equals(parts.plan())) {
                tell(Optional.empty(), new Usable(usable.plan(), List.of()));
            }
        } else {
            System.setProperty(UserFile.BROKEN, "true");
            tell(Optional.empty(), reading);
        }
    }

    @Override
    public void follow(Plan plan) {
        parts.inForce().plan(plan);
        parts.output().follow(instance -> plan.service(instance.service()).map(ServiceSpec::output));
        READER.execute(() -> kept.write(plan));
        followers.forEach(Runnable::run);
    }

    @Override
    public Plan plan() {
        return parts.plan();
    }

    @Override
    public void onChange(Runnable news) {
        followers.add(news);
    }
}
