/** Holds the package table of the design: who may import whom, and which packages stay pure. */
@NullMarked
package io.respawn.architecture;

import org.jspecify.annotations.NullMarked;
