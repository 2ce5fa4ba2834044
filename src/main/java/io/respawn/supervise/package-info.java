/**
 * The serial loop that owns the state: it takes events in, lets the pure machine decide, appends what is durable and has
 * the effects carried out. The ports to the world and the read-only view of the state live here too.
 */
@NullMarked
package io.respawn.supervise;

import org.jspecify.annotations.NullMarked;
