package io.respawn.config;

import io.respawn.model.DependencyCondition;
import io.respawn.model.Probes;
import io.respawn.model.Program;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Role;
import io.respawn.model.Schedule;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.Signal;
import io.respawn.model.Text;
import io.respawn.model.Ties;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one service of the configuration; goes on behind a mistake so that the others are found as well. */
final class ServiceReader {

    /** What the sidecar itself says to its services; identity depends on it. */
    static final Set<String> RESERVED = Set.of(
            "RESPAWN_ID",
            "RESPAWN_SERVICE",
            "RESPAWN_INSTANCE",
            "RESPAWN_INCARNATION",
            "RESPAWN_INTENT",
            "RESPAWN_HELPER",
            "RESPAWN_HOOK",
            "RESPAWN_EXIT_CODE",
            "RESPAWN_EXIT_SIGNAL",
            "RESPAWN_EXIT_REASON");

    private final Fields fields;
    private final Mistakes mistakes;
    private final String path;
    private final ServiceConfig raw;

    private ServiceReader(String path, ServiceConfig raw, Mistakes mistakes) {
        this.fields = new Fields(path, mistakes);
        this.mistakes = mistakes;
        this.path = path;
        this.raw = raw;
    }

    /** The service, unless something is wrong with it. */
    static Optional<ServiceSpec> read(String path, ServiceName name, ServiceConfig raw, Mistakes mistakes) {
        ServiceSpec spec = new ServiceReader(path, raw, mistakes).spec(name);
        return mistakes.concern(path) ? Optional.empty() : Optional.of(spec);
    }

    private ServiceSpec spec(ServiceName name) {
        ServiceSpec any = ServiceSpec.of(name, List.of("any"));
        Set<Signal> signals = raw.signals().map(this::signals).orElse(any.signals());
        RestartPolicy restart = RestartReader.read(Paths.join(path, "restart"), raw.restart(), mistakes);
        Probes probes = ProbeReader.all(path, raw, mistakes);
        int instances = fields.read("instances", raw.instances(), ServiceReader::instances)
                .orElse(any.instances());
        Role role = role(any.role());
        String scheduled = Paths.join(path, "schedule");
        Schedule schedule = ScheduleReader.read(scheduled, raw.schedule(), mistakes);
        ScheduleReader.check(scheduled, name, schedule, restart, role, mistakes);
        return new ServiceSpec(
                name,
                new Program(
                        command(any.program()),
                        raw.workingDirectory()
                                .flatMap(text -> fields.read("working-directory", text, ServiceReader::directory)),
                        environment(),
                        EnvironmentReader.read(path, raw, mistakes),
                        ProcessSettingReader.read(path, raw, mistakes)),
                instances,
                role,
                new Ties(dependsOn(), after()),
                StartReader.read(path, raw, mistakes),
                restart,
                StopReader.read(Paths.join(path, "stop"), raw.stop(), mistakes),
                probes,
                signals,
                OutputPolicyReader.read(Paths.join(path, "output"), raw.output(), instances, signals, mistakes),
                raw.resources()
                        .flatMap(given -> ResourcesReader.memory(Paths.join(path, "resources"), given, mistakes)),
                schedule,
                HookReader.read(Paths.join(path, "hooks"), raw.hooks(), mistakes));
    }

    private Role role(Role any) {
        return new Role(
                fields.read("autostart", raw.autostart(), Values::truth).orElse(any.autostart()),
                fields.read("essential", raw.essential(), Values::truth).orElse(any.essential()),
                fields.read("ends-sidecar", raw.endsSidecar(), Values::truth).orElse(any.endsSidecar()),
                fields.read("infrastructure", raw.infrastructure(), Values::truth)
                        .orElse(any.infrastructure()),
                fields.read("priority", raw.priority(), ServiceReader::priority).orElse(any.priority()));
    }

    private List<String> command(Program any) {
        List<String> command = raw.command().orElse(List.of());
        if (command.isEmpty() || command.getFirst().isBlank()) {
            mistakes.add(
                    Paths.join(path, "command"),
                    "Cannot run nothing: name the program and its arguments, such as [ \"/srv/web\", \"--port\", \"9100\" ]");
            return any.command();
        }
        for (int i = 0; i < command.size(); i++) {
            checkText(Paths.element(Paths.join(path, "command"), i), command.get(i));
        }
        return command;
    }

    private Map<String, String> environment() {
        String at = Paths.join(path, "environment");
        raw.environment().forEach((name, value) -> {
            String where = Paths.join(at, name);
            if (name.indexOf('=') >= 0) {
                mistakes.add(where, "Cannot set a variable with '=' in its name: rename it");
            } else if (RESERVED.contains(name)) {
                mistakes.add(where, "Cannot set this variable: the sidecar sets it itself; rename it");
            }
            checkText(where, value);
        });
        return raw.environment();
    }

    private Map<ServiceName, DependencyCondition> dependsOn() {
        String at = Paths.join(path, "depends-on");
        Map<ServiceName, DependencyCondition> read = new HashMap<>();
        raw.dependsOn()
                .forEach((name, condition) -> mistakes.attempt(Paths.join(at, name), () -> new ServiceName(name))
                        .ifPresent(service -> mistakes.attempt(
                                        Paths.join(at, name), () -> Values.word(condition, DependencyCondition.class))
                                .ifPresent(word -> read.put(service, word))));
        return read;
    }

    private Set<ServiceName> after() {
        List<String> names = raw.after().orElse(List.of());
        Set<ServiceName> read = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!Fields.standsForNone(names)) {
                fields.readElement("after", i, names.get(i), ServiceName::new).ifPresent(read::add);
            }
        }
        return read;
    }

    private Set<Signal> signals(List<String> texts) {
        Set<Signal> signals = new HashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            if (!Fields.standsForNone(texts)) {
                fields.readElement("signals", i, texts.get(i), Values::signal).ifPresent(signals::add);
            }
        }
        return signals;
    }

    private void checkText(String where, String text) {
        if (text.indexOf('\0') >= 0) {
            mistakes.add(where, "Cannot hand a NUL character to a process: remove it");
        }
    }

    private static String directory(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "Cannot start in '" + Text.shown(text) + "': name a directory or remove the key");
        }
        return text;
    }

    private static int priority(String text) {
        int priority = Values.integer(text);
        if (priority < -100 || priority > 100) {
            throw new IllegalArgumentException("Cannot use priority " + priority + ": -100 to 100 are allowed");
        }
        return priority;
    }

    private static int instances(String text) {
        int count = Values.integer(text);
        if (count < 1 || count > 1000) {
            throw new IllegalArgumentException("Cannot run " + count + " instances: 1 to 1000 are allowed");
        }
        return count;
    }
}
