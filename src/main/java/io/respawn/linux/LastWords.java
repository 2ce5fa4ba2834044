package io.respawn.linux;

import io.respawn.linux.libc.Written;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Says a sentence on standard error when nothing else can be said any more: the sentence was laid down before, and neither
 * to ask for it nor to say it takes any memory. It is said by a thread of its own, as standard error may block, and no more
 * than once in a while.
 */
public final class LastWords implements AutoCloseable {

    private static final int STANDARD_ERROR = 2;

    private final Written sentence;
    private final long pauseNanos;
    private final Runnable afterwards;
    private final Thread speaker;
    private volatile boolean asked;
    private volatile boolean closed;

    /**
     * Gets ready.
     *
     * @param sentence one line
     * @param pause how long it is not repeated
     * @param afterwards is run on the speaker's thread after each time, when the pause is over
     */
    public LastWords(String sentence, Duration pause, Runnable afterwards) {
        this.sentence = new Written(sentence + "\n");
        this.pauseNanos = pause.toNanos();
        this.afterwards = afterwards;
        this.speaker = Thread.ofPlatform().daemon().name("respawn-last-words").unstarted(this::speak);
        speaker.start();
    }

    /** Has the sentence said soon; any thread may call, and needs no memory for it. */
    public void say() {
        asked = true;
        LockSupport.unpark(speaker);
    }

    /** Has nothing to say any more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(speaker);
    }

    private void speak() {
        sentence.rehearse(STANDARD_ERROR);
        while (!closed) {
            try {
                speakOnce();
            } catch (OutOfMemoryError still) {
                // Said again after the pause.
                asked = true;
            }
        }
    }

    private void speakOnce() {
        while (!asked) {
            if (closed) {
                return;
            }
            LockSupport.park(this);
        }
        sentence.write(STANDARD_ERROR);
        rest();
        asked = false;
        afterwards.run();
    }

    private void rest() {
        long end = System.nanoTime() + pauseNanos;
        for (long left = pauseNanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }
}
