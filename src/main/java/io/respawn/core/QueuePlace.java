package io.respawn.core;

import java.time.Instant;
import java.util.Optional;

/**
 * Why an instance waits, and until when.
 *
 * @param position among those that only the budget holds back, counted from 1; 0 for all others
 * @param eta when the budget will have let it go, unless something more important comes
 * @param reason in words
 */
public record QueuePlace(int position, Optional<Instant> eta, String reason) {}
