/** Health for the kubelet and metrics for Prometheus: reads what the loop knows and changes nothing. */
@NullMarked
package io.respawn.observe;

import org.jspecify.annotations.NullMarked;
