/** Readiness probes: asks a service on the loopback interface whether it is ready, and reports when the answer changes. */
@NullMarked
package io.respawn.probe;

import org.jspecify.annotations.NullMarked;
