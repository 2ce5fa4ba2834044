/**
 * Linux in Java types: processes, descriptors that report them, signals, timers, spawning, reaping, locks and self
 * replacement.
 *
 * <p>Outcomes that are part of normal life (the process is gone, it is not our child, it may not be signalled) are
 * values; everything else is a {@link io.respawn.linux.LinuxException}. Calls that wait, or that change a thread, refuse
 * virtual threads: they would hold or change the carrier.
 */
@NullMarked
package io.respawn.linux;

import org.jspecify.annotations.NullMarked;
