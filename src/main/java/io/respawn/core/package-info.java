/**
 * The pure machine: {@link io.respawn.core.Machine#step} takes the state and an event and answers with records, which are
 * the only way the state changes, and effects, which others carry out. No clock, randomness, thread or I/O: time and
 * entropy come in with the {@link io.respawn.core.Stamp}.
 */
@NullMarked
package io.respawn.core;

import org.jspecify.annotations.NullMarked;
