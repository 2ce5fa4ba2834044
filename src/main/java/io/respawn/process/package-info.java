/**
 * Children: starts, watches, signals, reaps and adopts processes, keeps their output, and tells the loop what happened.
 * Time that does not jump and the signals to the sidecar itself come in here too. It decides nothing.
 */
@NullMarked
package io.respawn.process;

import org.jspecify.annotations.NullMarked;
