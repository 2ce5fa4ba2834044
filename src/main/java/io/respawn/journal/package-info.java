/**
 * The local journal and the directory it lives in: every batch is appended by one write before anything else happens to
 * it, so that a sidecar that was killed finds on its disk what it had decided.
 */
@NullMarked
package io.respawn.journal;

import org.jspecify.annotations.NullMarked;
