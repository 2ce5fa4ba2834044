package io.respawn.process;

import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;
import io.respawn.model.SidecarId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment of a process says about whom it belongs to.
 *
 * @param incarnation which process of the instance it is, or descends from
 * @param intent the intent that had it started, if one did
 * @param helper whether it is a probe or a hook, which nobody takes over
 */
record Tags(InstanceId instance, long incarnation, Optional<IntentId> intent, boolean helper) {

    static final String PREFIX = "RESPAWN_";
    static final String SIDECAR = "RESPAWN_ID";
    static final String SERVICE = "RESPAWN_SERVICE";
    static final String INSTANCE = "RESPAWN_INSTANCE";
    static final String INCARNATION = "RESPAWN_INCARNATION";
    static final String INTENT = "RESPAWN_INTENT";
    static final String HELPER = "RESPAWN_HELPER";

    /** The variables that say so. */
    Map<String, String> variables(SidecarId sidecar) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(SIDECAR, sidecar.value());
        variables.put(SERVICE, instance.service().value());
        variables.put(INSTANCE, Integer.toString(instance.index()));
        variables.put(INCARNATION, Long.toString(incarnation));
        intent.ifPresent(id -> variables.put(INTENT, id.value()));
        if (helper) {
            variables.put(HELPER, "probe");
        }
        return variables;
    }

    /** Reads them; empty for a process of another sidecar or of none. Anybody can set variables, so nothing is trusted. */
    static Optional<Tags> read(SidecarId sidecar, Map<String, String> environment) {
        if (!sidecar.value().equals(environment.get(SIDECAR)) || !environment.containsKey(SERVICE)) {
            return Optional.empty();
        }
        try {
            var service = new ServiceName(environment.get(SERVICE));
            int index = Integer.parseInt(environment.getOrDefault(INSTANCE, ""));
            long incarnation = Long.parseLong(environment.getOrDefault(INCARNATION, ""));
            Optional<IntentId> intent =
                    Optional.ofNullable(environment.get(INTENT)).map(IntentId::new);
            boolean helper = environment.containsKey(HELPER);
            return Optional.of(new Tags(new InstanceId(service, index), incarnation, intent, helper));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The process that it is, or descends from. */
    ChildKey key() {
        return new ChildKey(instance, incarnation);
    }
}
