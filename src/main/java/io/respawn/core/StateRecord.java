package io.respawn.core;

import io.respawn.model.IntentId;
import io.respawn.model.ServiceName;

/** A durable entry. The state is the fold of these and of nothing else: an entry replaces the one with the same key. */
public sealed interface StateRecord permits Service, Intent, StateRecord.ServiceTombstone, StateRecord.IntentTombstone {

    /** The service is neither declared nor running any more. */
    record ServiceTombstone(ServiceName name) implements StateRecord {
        @Override
        public String key() {
            return "service/" + name;
        }
    }

    /** The intent ended so long ago that its id need not be remembered. */
    record IntentTombstone(IntentId id) implements StateRecord {
        @Override
        public String key() {
            return "intent/" + id;
        }
    }

    /** The part of the record's key behind the sidecar id. */
    String key();
}
