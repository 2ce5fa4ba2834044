package io.respawn.core;

import java.time.Instant;

/**
 * Where an instance stands among those that wait for the budget.
 *
 * @param position counted from 1
 * @param eta when the budget will have let it go, unless something more important comes
 */
public record QueuePlace(int position, Instant eta) {}
