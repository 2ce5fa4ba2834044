package io.respawn.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a process is given before it begins, as the API shows it; the fields are those of the configuration, and what was not
 * said is absent.
 *
 * @param user by name or number
 * @param group by name or number
 * @param supplementaryGroups by name or number
 * @param umask in octal
 * @param noNewPrivileges whether no program it loads may gain rights
 * @param limits the first and the last amount that it may have
 * @param nice how much it gives way
 * @param oomScoreAdj how much rather than others it is ended when memory runs out
 * @param cgroup the control group that it runs in
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SetupView(
        @Nullable String user,
        @Nullable String group,
        @Nullable List<String> supplementaryGroups,
        @Nullable String umask,
        boolean noNewPrivileges,
        SortedMap<String, String> limits,
        @Nullable Integer nice,
        @Nullable Integer oomScoreAdj,
        @Nullable String cgroup) {

    static @Nullable SetupView of(ProcessSetting setting) {
        if (setting.isEmpty()) {
            return null;
        }
        SortedMap<String, String> limits = new TreeMap<>();
        setting.limits().forEach((resource, limit) -> limits.put(resource.word(), words(limit)));
        return new SetupView(
                setting.user().orElse(null),
                setting.group().orElse(null),
                setting.supplementaryGroups().orElse(null),
                setting.umask().map("%03o"::formatted).orElse(null),
                setting.noNewPrivileges(),
                limits,
                setting.nice().orElse(null),
                setting.oomScoreAdj().orElse(null),
                setting.cgroup().orElse(null));
    }

    private static String words(Limit limit) {
        return amount(limit.soft()) + ":" + amount(limit.hard());
    }

    private static String amount(Optional<Long> value) {
        return value.map(Object::toString).orElse("unlimited");
    }
}
