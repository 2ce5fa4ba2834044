package io.respawn.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.respawn.cli.Exit;
import io.respawn.cli.Sidecar;
import io.respawn.config.Configuration;
import io.respawn.config.LoadRequest;
import io.respawn.config.LoadResult;
import io.respawn.config.Mistake;
import io.respawn.core.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the command line hands over: the check of a configuration, and the life of the sidecar from start to end. */
final class SidecarProcess implements Sidecar {

    /** Set by a sidecar for its services: where it stands, one already supervises. */
    private static final String NESTED = "RESPAWN_SERVICE";

    /** Set while the ahead-of-time cache of the core is recorded: no framework begins. */
    private static final String ALONE = "respawn.core-alone";

    /** Twice what requests under way are given. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    @Override
    public Checked check(Optional<Path> configuration) {
        return switch (Configuration.load(LoadRequest.ofThisProcess(configuration))) {
            case LoadResult.Loaded loaded ->
                new Checked.Fine(loaded.plan().services().size());
            case LoadResult.Refused refused -> new Checked.Faulty(lines(refused.mistakes()));
        };
    }

    @Override
    public int run(RunRequest request) {
        if (ImageCheck.isAsked()) {
            return ImageCheck.answer();
        }
        Forerunner.begin();
        if (DevMode.isOn()) {
            return develop(request);
        }
        request.id().ifPresent(id -> System.setProperty("respawn.id", id));
        // As it stands before the framework is told anything.
        LoadRequest asked = request(request.configuration());
        Optional<Capsule> inherited = Inheritance.take();
        if (inherited.isPresent()) {
            return resume(inherited.get(), asked);
        }
        return start(request, asked);
    }

    private static int resume(Capsule capsule, LoadRequest asked) {
        return live(capsule.frameworkProperties(), () -> Core.resume(capsule, asked));
    }

    /** A program that was loaded anew goes on where the one before it in this JVM is. */
    private static int develop(RunRequest request) {
        try {
            Predecessor.replace();
        } catch (CannotStartException refused) {
            complain(List.of(String.valueOf(refused.getMessage())));
            return Exit.FAILED;
        }
        request.id().ifPresent(id -> System.setProperty("respawn.id", id));
        LoadRequest asked = request(request.configuration());
        return Inheritance.find().map(capsule -> resume(capsule, asked)).orElseGet(() -> start(request, asked));
    }

    private static int start(RunRequest request, LoadRequest asked) {
        if (System.getenv(NESTED) != null && request.id().isEmpty()) {
            complain(List.of("Cannot run inside service '" + System.getenv(NESTED)
                    + "' of another sidecar: give this one an id of its own by --id"));
            return Exit.USAGE;
        }
        if (!DevMode.isOn()) {
            SelfBlocking.startAgain().ifPresent(warning -> log().warn(warning));
        }
        return switch (Configuration.load(asked)) {
            case LoadResult.Refused refused -> {
                complain(lines(refused.mistakes()));
                yield Exit.USAGE;
            }
            case LoadResult.Loaded loaded -> live(loaded.frameworkProperties(), () -> Core.start(loaded, asked));
        };
    }

    private static LoadRequest request(Optional<Path> configuration) {
        Optional<Path> file = configuration.or(
                () -> Optional.ofNullable(System.getProperty("respawn.config")).map(Path::of));
        LoadRequest own = LoadRequest.ofThisProcess(file);
        Map<String, String> properties = new HashMap<>(own.systemProperties());
        return new LoadRequest(own.file(), own.environment(), properties);
    }

    /** Core first, framework second: supervision never waits for it, and outlives it. */
    private static int live(Map<String, String> frameworkProperties, Supplier<Core> beginning) {
        frameworkProperties.forEach(System::setProperty);
        Core core;
        try {
            core = beginning.get();
        } catch (CannotStartException refused) {
            complain(List.of(String.valueOf(refused.getMessage())));
            return Exit.USAGE;
        }
        if (DevMode.isOn()) {
            return liveOn(core);
        }
        core.departure().haltAfter(LONGEST_END);
        try (core) {
            begin(core);
            if (!Boolean.getBoolean(ALONE)) {
                Quarkus.run(Framework.class, (code, failure) -> ended(core, code, failure));
            }
            return core.departure().await();
        }
    }

    private static void begin(Core core) {
        core.letServicesGoFirst();
        if (core.inherited().isPresent()) {
            // The image before may have been there for months.
            core.reconfiguration().takeUp();
        }
    }

    /** In a development mode the core outlives its framework: a reload, or one that fails, is no reason to end. */
    private static int liveOn(Core core) {
        Inheritance.taken();
        begin(core);
        Quarkus.run(Framework.class, (code, failure) -> missing(failure));
        core.goOnWithoutFramework();
        return DevMode.isJvmEnding() ? core.departure().await() : Exit.DONE;
    }

    private static void missing(@Nullable Throwable failure) {
        if (failure != null) {
            log().errorf(
                            "Cannot run the framework, and with it the API and Kafka: %s; services are supervised on, and the next"
                                    + " reload that succeeds takes them over",
                            root(failure).getMessage());
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable reason = failure;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return reason;
    }

    /** The framework has ended: because the core has left, because a reload begins, or because it could not start. */
    private static void ended(Core core, Integer code, @Nullable Throwable failure) {
        log().debugf("The framework ended with code %d", code);
        if (failure != null) {
            Throwable reason = root(failure);
            boolean taken = reason instanceof QuarkusBindException;
            String words = String.valueOf(reason.getMessage());
            if (core.framework().filter(watch -> watch.failed(words)).isPresent()) {
                return;
            }
            log().error(
                            "Cannot run the HTTP interface: " + words + "; the services are stopped"
                                    + (taken ? ". Set quarkus.http.port or quarkus.management.port to a free one" : ""),
                            taken ? null : failure);
            // First of all, since the core may have left as soon as it is asked to.
            core.departure().failed();
            core.accept(new Event.ShutdownRequested("the framework did not start: " + words, false));
        }
    }

    /** Not before somebody has something to say: see {@link Forerunner}. */
    private static Logger log() {
        return Logger.getLogger(SidecarProcess.class);
    }

    private static List<String> lines(List<Mistake> mistakes) {
        return mistakes.stream().map(Mistake::toString).toList();
    }

    private static void complain(List<String> lines) {
        lines.forEach(System.err::println);
    }
}
