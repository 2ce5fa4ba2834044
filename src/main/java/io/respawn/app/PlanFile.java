package io.respawn.app;

import io.respawn.codec.CodecException;
import io.respawn.codec.ComponentForm;
import io.respawn.codec.Seal;
import io.respawn.core.PlanDiff;
import io.respawn.model.Plan;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The plan that was in force last, kept in the state directory: a sidecar that is started anew tells by it which of the
 * processes that it finds were started from something else. Values of environments are not in it, only what tells that
 * they have changed.
 */
final class PlanFile {

    private static final Logger LOG = Logger.getLogger(PlanFile.class);
    private static final int VERSION = 1;

    private final Optional<Path> path;

    /** What is in it. */
    record Kept(String salt, Plan plan) {}

    PlanFile(Optional<Path> stateDirectory) {
        this.path = stateDirectory.map(directory -> directory.resolve("plan"));
    }

    /** Without it a change that is made while no sidecar runs is not noticed. */
    synchronized void write(Plan plan) {
        path.ifPresent(file -> {
            try {
                String salt = UUID.randomUUID().toString();
                Path next = file.resolveSibling("plan.next");
                SecretFile.write(next, Seal.close(VERSION, form().encode(new Kept(salt, masked(plan, salt)))));
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException failed) {
                LOG.warnf(
                        "Cannot write %s: %s; a change of the configuration while no sidecar runs goes unnoticed",
                        file, failed);
            }
        });
    }

    /** What a plan changes of the one that is kept; nothing is known if none is, or if it cannot be read. */
    synchronized Optional<PlanDiff> changes(Plan now) {
        return path.flatMap(PlanFile::read).map(kept -> PlanDiff.of(kept.plan(), masked(now, kept.salt())));
    }

    private static Optional<Kept> read(Path file) {
        try {
            return Optional.of(form().decode("a kept plan", Kept.class, Seal.open(Files.readAllBytes(file), VERSION)));
        } catch (NoSuchFileException first) {
            return Optional.empty();
        } catch (IOException | CodecException failed) {
            LOG.warnf(
                    "Cannot read %s: %s; whether the configuration has changed is not known",
                    file, failed.getMessage());
            return Optional.empty();
        }
    }

    private static ComponentForm form() {
        return new ComponentForm(ignored -> {}, Map.of());
    }

    private static Plan masked(Plan plan, String salt) {
        TreeMap<ServiceName, ServiceSpec> services = new TreeMap<>();
        plan.services().forEach((name, spec) -> services.put(name, masked(spec, salt)));
        return new Plan(plan.id(), plan.labels(), plan.budget(), plan.intents(), services);
    }

    private static ServiceSpec masked(ServiceSpec spec, String salt) {
        Program program = spec.program();
        Map<String, String> environment = new TreeMap<>();
        program.environment().forEach((name, value) -> environment.put(name, digest(salt + name + value)));
        return spec.with(new Program(program.command(), program.workingDirectory(), environment));
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Cannot go without SHA-256, which every JDK has", impossible);
        }
    }
}
