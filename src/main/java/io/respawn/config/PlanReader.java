package io.respawn.config;

import io.respawn.model.Budget;
import io.respawn.model.DependencyCondition;
import io.respawn.model.IntentLimits;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Plan;
import io.respawn.model.RestartPolicy;
import io.respawn.model.Sampling;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Text;
import io.respawn.model.Ties;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads all services and checks them against each other. */
final class PlanReader {

    private static final String SERVICES = "respawn.services";

    private final Mistakes mistakes;
    private final SortedMap<ServiceName, ServiceConfig> declared = new TreeMap<>();
    private final Map<String, ServiceName> byText = new HashMap<>();
    private final SortedMap<ServiceName, ServiceSpec> specs = new TreeMap<>();

    private PlanReader(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** The plan, unless something is wrong anywhere. */
    static Optional<Plan> read(Optional<SidecarId> id, RespawnConfig raw, Mistakes mistakes) {
        PlanReader reader = new PlanReader(mistakes);
        raw.services().forEach(reader::service);
        reader.declared.forEach(reader::checkDependencies);
        reader.checkFiles();
        reader.checkCycles();
        Budget budget = budget(raw.budget(), mistakes);
        IntentLimits intents = intents(raw.intents(), mistakes);
        Sampling sampling = ResourcesReader.sampling(raw.resources(), mistakes);
        return mistakes.isEmpty()
                ? id.map(some -> new Plan(some, raw.labels(), budget, intents, reader.specs, sampling))
                : Optional.empty();
    }

    private static Budget budget(RespawnConfig.Budget raw, Mistakes mistakes) {
        String path = "respawn.budget";
        Fields fields = new Fields(path, mistakes);
        Budget base = Budget.DEFAULT;
        int permits = fields.read("permits", raw.permits(), Values::integer)
                .orElse(base.rate().permits());
        int burst = fields.read("burst", raw.burst(), Values::integer)
                .orElse(base.rate().burst());
        int maxStarting =
                fields.read("max-starting", raw.maxStarting(), Values::integer).orElse(base.maxStarting());
        Duration interval = fields.read("interval", raw.interval(), Values::duration)
                .orElse(base.rate().interval());
        return mistakes.attempt(path, () -> new Budget(permits, interval, burst, maxStarting))
                .orElse(base);
    }

    private static IntentLimits intents(RespawnConfig.Intents raw, Mistakes mistakes) {
        String path = "respawn.intents";
        Fields fields = new Fields(path, mistakes);
        IntentLimits base = IntentLimits.DEFAULT;
        int open = fields.read("open-count", raw.openCount(), Values::integer).orElse(base.openCount());
        long bytes = fields.read("open-size", raw.openSize(), Values::size).orElse(base.openBytes());
        int ended =
                fields.read("ended-count", raw.endedCount(), Values::integer).orElse(base.endedCount());
        Duration age =
                fields.read("ended-age", raw.endedAge(), Values::duration).orElse(base.endedAge());
        return mistakes.attempt(path, () -> new IntentLimits(open, bytes, ended, age))
                .orElse(base);
    }

    private void service(String key, ServiceConfig raw) {
        String path = Paths.join(SERVICES, key);
        mistakes.attempt(path, () -> new ServiceName(key)).ifPresent(name -> {
            declared.put(name, raw);
            byText.put(key, name);
            ServiceReader.read(path, name, raw, mistakes).ifPresent(spec -> specs.put(name, spec));
        });
    }

    /** Looks at what is declared, so that a mistake elsewhere in a service does not hide these. */
    private void checkDependencies(ServiceName name, ServiceConfig raw) {
        String path = Paths.join(SERVICES, name.value());
        String needs = Paths.join(path, "depends-on");
        raw.dependsOn().keySet().forEach(other -> checkKnown(Paths.join(needs, other), "depend on", other));
        List<String> after = raw.after().orElse(List.of());
        for (int i = 0; i < after.size() && !Fields.standsForNone(after); i++) {
            checkKnown(Paths.element(Paths.join(path, "after"), i), "start after", after.get(i));
        }
        Optional.ofNullable(specs.get(name)).ifPresent(spec -> {
            spec.ties().after().forEach(other -> checkLayer(Paths.join(path, "after"), spec, other));
            spec.ties().dependsOn().forEach((other, condition) -> {
                String at = Paths.join(needs, other.value());
                checkLayer(at, spec, other);
                if (specs.containsKey(other)) {
                    checkReachable(at, specs.get(other), condition);
                }
            });
        });
    }

    private void checkKnown(String at, String tie, String other) {
        List<String> names = declared.keySet().stream().map(ServiceName::value).toList();
        if (!names.contains(other)) {
            String remedy = Spelling.nearest(other, names)
                    .map(near -> "did you mean '" + near + "'?")
                    .orElse("declare it or remove the dependency");
            mistakes.add(at, "Cannot " + tie + " '" + Text.shown(other) + "': there is no such service; " + remedy);
        }
    }

    private void checkLayer(String at, ServiceSpec spec, ServiceName other) {
        ServiceSpec named = specs.get(other);
        if (named != null && spec.role().infrastructure() && !named.role().infrastructure()) {
            mistakes.add(
                    at,
                    "Cannot let infrastructure wait for '" + other
                            + "', which starts later: make that one infrastructure too, or remove this");
        }
    }

    private void checkReachable(String at, ServiceSpec dependency, DependencyCondition condition) {
        boolean completion =
                condition == DependencyCondition.COMPLETED || condition == DependencyCondition.COMPLETED_SUCCESSFULLY;
        if (completion && dependency.restart().mode() == RestartPolicy.Mode.ALWAYS) {
            mistakes.add(
                    at,
                    "Cannot wait for '" + dependency.name() + "' to be " + condition.word()
                            + ": its restart policy is always; set it to on-failure or never");
        }
    }

    /** Two writers would write over each other's lines. */
    private void checkFiles() {
        Map<String, ServiceName> writers = new HashMap<>();
        specs.forEach((name, spec) -> spec.output()
                .file()
                .flatMap(OutputPolicy.File::path)
                .ifPresent(file -> {
                    ServiceName other = writers.putIfAbsent(file, name);
                    if (other != null) {
                        mistakes.add(
                                Paths.join(SERVICES, name.value()) + ".output.file.path",
                                "Cannot write to '" + Text.shown(file) + "': '" + other
                                        + "' writes to it already; choose another path");
                    }
                }));
    }

    /** Looks at names alone, for the same reason. */
    private void checkCycles() {
        SortedMap<ServiceName, ServiceSpec> bare = new TreeMap<>();
        declared.forEach((name, raw) -> {
            Map<ServiceName, DependencyCondition> known = new HashMap<>();
            declaredAmong(raw.dependsOn().keySet()).forEach(other -> known.put(other, DependencyCondition.STARTED));
            Set<ServiceName> after =
                    declaredAmong(raw.after().orElse(List.of())).collect(Collectors.toSet());
            bare.put(name, bare(name, new Ties(known, after)));
        });
        Plan.mistakes(bare).forEach(message -> mistakes.add(SERVICES, message));
    }

    /** Most services name nobody, and there may be a thousand of them: so the few names are looked up. */
    private Stream<ServiceName> declaredAmong(Collection<String> names) {
        return names.stream().flatMap(name -> Optional.ofNullable(byText.get(name)).stream());
    }

    private static ServiceSpec bare(ServiceName name, Ties ties) {
        return ServiceSpec.of(name, List.of("any")).with(ties);
    }
}
