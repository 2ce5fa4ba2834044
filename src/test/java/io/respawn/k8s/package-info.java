/** Checks the manifests under {@code k8s} without a cluster. */
@NullMarked
package io.respawn.k8s;

import org.jspecify.annotations.NullMarked;
