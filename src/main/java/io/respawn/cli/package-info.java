/**
 * The command {@code respawn}: reads the command line, talks to a running sidecar over its HTTP API, and hands the verbs
 * that need the sidecar itself to whoever started it. Client verbs never start the framework.
 */
@NullMarked
package io.respawn.cli;

import org.jspecify.annotations.NullMarked;
