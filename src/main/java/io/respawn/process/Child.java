package io.respawn.process;

import io.respawn.core.Event.Found;
import io.respawn.linux.Pidfd;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;

/**
 * A main process that is held by its descriptor.
 *
 * @param leader whether it leads a process group, as all do that we spawned
 */
record Child(Tags tags, ProcessIdentity identity, Pidfd pidfd, boolean leader) {

    InstanceId instance() {
        return tags.instance();
    }

    ChildKey key() {
        return tags.key();
    }

    int pid() {
        return identity.pid();
    }

    Found found() {
        return new Found(instance(), tags.incarnation(), identity, tags.intent());
    }

    @Override
    public String toString() {
        return instance() + " (pid " + pid() + ", incarnation " + tags.incarnation() + ")";
    }
}
