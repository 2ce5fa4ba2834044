/** What several tests need from the outside world, for real: a Kafka broker. */
@NullMarked
package io.respawn.testing;

import org.jspecify.annotations.NullMarked;
