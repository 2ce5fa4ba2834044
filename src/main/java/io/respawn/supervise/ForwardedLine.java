package io.respawn.supervise;

import io.respawn.supervise.OutputReader.Line;

/**
 * A line that is to be forwarded.
 *
 * @param incarnation the process of the instance that wrote it, 0 when that is not known
 */
public record ForwardedLine(Line line, long incarnation) {

    int characters() {
        return line.text().length();
    }
}
