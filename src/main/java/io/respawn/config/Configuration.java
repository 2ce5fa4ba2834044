package io.respawn.config;

import io.respawn.model.Plan;
import io.respawn.model.SidecarId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Loads the configuration whole, without the framework: the core starts first. */
public final class Configuration {

    private static final Path DEFAULT_FILE = Path.of("/etc/respawn/respawn.yaml");
    private static final Path HOST_NAME_FILE = Path.of("/etc/hostname");
    private static final String HOST_NAME = "HOSTNAME";
    private static final String JSON_LOG = "quarkus.log.console.json.enabled";

    private final LoadRequest request;
    private final Optional<Path> file;
    private final Optional<String> hostName;
    private final Mistakes mistakes = new Mistakes();

    private Configuration(LoadRequest request, Path defaultFile, Path hostNameFile) {
        this.request = request;
        this.file = request.file()
                .or(() -> variable("RESPAWN_CONFIG").map(Path::of))
                .or(() -> Optional.of(defaultFile).filter(Files::exists))
                .map(Path::toAbsolutePath);
        this.hostName = variable(HOST_NAME)
                .or(() -> ConfigFile.firstLine(hostNameFile))
                .map(name -> name.toLowerCase(Locale.ROOT));
    }

    /** Reads everything, and answers with all that is wrong when anything is. */
    public static LoadResult load(LoadRequest request) {
        return load(request, DEFAULT_FILE, HOST_NAME_FILE);
    }

    static LoadResult load(LoadRequest request, Path defaultFile, Path hostNameFile) {
        return new Configuration(request, defaultFile, hostNameFile).load();
    }

    private LoadResult load() {
        YamlTree.Parsed parsed = file.flatMap(path ->
                        ConfigFile.text(path, mistakes).map(text -> YamlTree.parse(path.toString(), text, mistakes)))
                .orElse(YamlTree.Parsed.NOTHING);
        Layers layers = new Layers(request, parsed, hostName, mistakes);
        Optional<RespawnConfig> raw = layers.respawn();
        Optional<SidecarId> id = raw.flatMap(this::id);
        Optional<Settings> settings = raw.map(config -> SettingsReader.read(file, config, layers.kafka(), mistakes));
        raw.ifPresent(config -> settings.ifPresent(some -> ForwardingCheck.check(config, some, mistakes)));
        Optional<Plan> plan = raw.flatMap(config -> PlanReader.read(id, config, mistakes));
        if (mistakes.isEmpty() && plan.isPresent() && settings.isPresent()) {
            Map<String, String> framework = framework(plan.get(), settings.get(), layers);
            parsed.properties().forEach((key, value) -> {
                if (UserFile.isForFramework(key)) {
                    framework.put(UserFile.LAST + key, value);
                }
            });
            return new LoadResult.Loaded(plan.get(), settings.get(), framework);
        }
        return new LoadResult.Refused(mistakes.list(layers::origin));
    }

    private Optional<SidecarId> id(RespawnConfig config) {
        Optional<String> name = config.id().filter(text -> !text.isBlank()).or(() -> hostName);
        if (name.isEmpty()) {
            mistakes.add(
                    "respawn.id",
                    "Cannot tell the id of this sidecar: neither HOSTNAME nor /etc/hostname says the host name; set"
                            + " the key");
        }
        return name.flatMap(text -> mistakes.attempt("respawn.id", () -> new SidecarId(text)));
    }

    private Map<String, String> framework(Plan plan, Settings settings, Layers layers) {
        Map<String, String> properties = new HashMap<>();
        properties.put("respawn.id", plan.id().value());
        file.ifPresent(path -> properties.put(UserFile.PROPERTY, path.toString()));
        if (variable(HOST_NAME).isEmpty()) {
            hostName.ifPresent(name -> properties.put(HOST_NAME, name));
        }
        if (!layers.says(JSON_LOG)) {
            properties.put(JSON_LOG, String.valueOf(settings.logFormat() == Settings.LogFormat.JSON));
        }
        return properties;
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(request.environment().get(name)).filter(value -> !value.isBlank());
    }
}
