package io.respawn.process;

import io.respawn.model.InstanceId;
import java.time.Instant;

/**
 * A line that a child wrote.
 *
 * @param number counts the lines of the instance from 1, so that a reader sees what is new
 * @param at when it was read
 * @param text without the line end; what is not UTF-8 is replaced
 * @param cut whether the line was too long, and goes on in the next one
 */
public record OutputLine(InstanceId instance, long number, Instant at, String text, boolean cut) {}
