package io.respawn.process;

import io.respawn.supervise.OutputReader.Stream;

/**
 * A line as it came out of a pipe.
 *
 * @param incarnation of the process that wrote it, 0 when that is not known
 * @param cut whether it goes on in the next one
 */
record Written(Stream stream, long incarnation, String text, boolean cut) {}
