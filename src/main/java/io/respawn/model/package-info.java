/** The immutable vocabulary of Respawn: every value here is valid by construction and knows no clock, thread or I/O. */
@NullMarked
package io.respawn.model;

import org.jspecify.annotations.NullMarked;
