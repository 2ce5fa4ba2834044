/**
 * Binds the C library and the kernel by {@code java.lang.foreign}: names, constants and layouts in C spelling, errno
 * captured, nothing decided. Only {@code io.respawn.linux} calls it; its signatures carry no foreign types, so that this
 * package is the only one that knows them.
 *
 * <p>Every function returns what C returned, or the negated error number where C would return -1 and set {@code errno}.
 */
@NullMarked
package io.respawn.linux.libc;

import org.jspecify.annotations.NullMarked;
