/** Tries the runnable folder that the package phase leaves behind. */
@NullMarked
package io.respawn.distribution;

import org.jspecify.annotations.NullMarked;
