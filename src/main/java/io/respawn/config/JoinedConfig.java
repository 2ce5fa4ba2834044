package io.respawn.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Is the first of several portions of a configuration, with the services of all. */
record JoinedConfig(RespawnConfig first, Map<String, ServiceConfig> services) implements RespawnConfig {

    static RespawnConfig of(List<RespawnConfig> portions) {
        if (portions.size() == 1) {
            return portions.getFirst();
        }
        Map<String, ServiceConfig> services = new LinkedHashMap<>();
        portions.forEach(portion -> services.putAll(portion.services()));
        return new JoinedConfig(portions.getFirst(), services);
    }

    @Override
    public Optional<String> id() {
        return first.id();
    }

    @Override
    public Map<String, String> labels() {
        return first.labels();
    }

    @Override
    public Optional<String> stateDirectory() {
        return first.stateDirectory();
    }

    @Override
    public String firstPosition() {
        return first.firstPosition();
    }

    @Override
    public String statePartitions() {
        return first.statePartitions();
    }

    @Override
    public String createTopics() {
        return first.createTopics();
    }

    @Override
    public String shutdownTimeout() {
        return first.shutdownTimeout();
    }

    @Override
    public Kafka kafka() {
        return first.kafka();
    }

    @Override
    public Log log() {
        return first.log();
    }

    @Override
    public Respawn respawn() {
        return first.respawn();
    }

    @Override
    public Budget budget() {
        return first.budget();
    }

    @Override
    public Intents intents() {
        return first.intents();
    }

    @Override
    public Resources resources() {
        return first.resources();
    }

    @Override
    public Http http() {
        return first.http();
    }
}
