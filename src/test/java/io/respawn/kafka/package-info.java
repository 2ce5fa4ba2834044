/** Kafka as it is used, against a real broker. */
@NullMarked
package io.respawn.kafka;

import org.jspecify.annotations.NullMarked;
