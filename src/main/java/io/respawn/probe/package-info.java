/**
 * Startup, readiness and liveness probes: asks a service on the loopback interface or by a command how it is, and reports
 * what that adds up to.
 */
@NullMarked
package io.respawn.probe;

import org.jspecify.annotations.NullMarked;
