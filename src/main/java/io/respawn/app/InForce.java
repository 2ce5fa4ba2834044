package io.respawn.app;

import io.respawn.config.Settings;
import io.respawn.model.Plan;
import java.util.Map;

/** What of the configuration is in force now: the plan changes by a reload, all else by a respawn. Any thread may ask. */
final class InForce {

    private volatile Plan plan;
    private volatile Settings settings;
    private volatile Map<String, String> frameworkProperties;

    InForce(Plan plan, Settings settings, Map<String, String> frameworkProperties) {
        this.plan = plan;
        this.settings = settings;
        this.frameworkProperties = frameworkProperties;
    }

    Plan plan() {
        return plan;
    }

    Settings settings() {
        return settings;
    }

    Map<String, String> frameworkProperties() {
        return frameworkProperties;
    }

    void plan(Plan next) {
        plan = next;
    }

    /** Before anything has asked that goes by it: framework and Kafka come later. */
    void settings(Settings next, Map<String, String> properties) {
        settings = next;
        frameworkProperties = properties;
    }
}
