/**
 * The versioned form of commands, records, batches and events: bytes in, values out and back. No I/O, no clock, no
 * databinding. Formats only gain fields; an unknown field is skipped and reported, an unknown schema is refused in words.
 */
@NullMarked
package io.respawn.codec;

import org.jspecify.annotations.NullMarked;
