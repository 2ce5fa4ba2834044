/** What the sidecar orders by itself: when its time or that of a service has come, or when its heap stays full. */
@NullMarked
package io.respawn.schedule;

import org.jspecify.annotations.NullMarked;
