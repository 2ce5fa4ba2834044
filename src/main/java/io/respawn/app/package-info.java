/** Puts the parts together: the entry point, the producers, the order of start and stop. Nobody imports it. */
@NullMarked
package io.respawn.app;

import org.jspecify.annotations.NullMarked;
