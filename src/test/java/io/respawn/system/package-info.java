/** Tries the whole: the packaged folder as a process, a real broker, real services, and clients as other people have them. */
@NullMarked
package io.respawn.system;

import org.jspecify.annotations.NullMarked;
