package io.respawn.model;

import java.util.Locale;

/** A turn of a process's life at which something can be done. */
public enum HookPoint {
    /** Before it is started; nothing is, unless this goes well. */
    PRE_START,
    /** Once it has come up; nobody is told that it is ready before. */
    POST_START,
    /** Before it is asked to end. */
    PRE_STOP,
    /** After its end; the next one is not started before. */
    POST_STOP;

    /** As it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
