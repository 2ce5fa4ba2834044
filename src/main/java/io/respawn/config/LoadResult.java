package io.respawn.config;

import io.respawn.model.Plan;
import java.util.List;
import java.util.Map;

/** What became of the configuration. */
public sealed interface LoadResult {

    /**
     * All of it is usable.
     *
     * @param frameworkProperties system properties to set before the framework boots, so that it reads the same file
     */
    record Loaded(Plan plan, Settings settings, Map<String, String> frameworkProperties) implements LoadResult {
        public Loaded {
            frameworkProperties = Map.copyOf(frameworkProperties);
        }
    }

    /** All that is wrong with it, at least one. */
    record Refused(List<Mistake> mistakes) implements LoadResult {
        public Refused {
            mistakes = List.copyOf(mistakes);
            if (mistakes.isEmpty()) {
                throw new IllegalArgumentException("Cannot refuse a configuration without a mistake");
            }
        }
    }
}
