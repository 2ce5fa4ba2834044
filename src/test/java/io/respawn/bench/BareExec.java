package io.respawn.bench;

import io.respawn.linux.BootClock;
import io.respawn.linux.SelfExec;
import java.util.Set;

/**
 * A virtual machine that does nothing but replace itself by itself, so many times as its argument says, and prints what each
 * time took from {@code execve} until its first instruction, in milliseconds.
 */
public final class BareExec {

    private static final String BEGAN = "BARE_EXEC_BEGAN";
    private static final String LEFT = "BARE_EXEC_LEFT";

    private BareExec() {}

    public static void main(String... arguments) {
        long now = BootClock.nanos();
        String began = System.getenv(BEGAN);
        if (began != null) {
            System.out.println((now - Long.parseLong(began)) / 1e6);
        }
        String left = System.getenv(LEFT);
        int rounds = Integer.parseInt(left == null ? arguments[0] : left);
        if (rounds > 0) {
            SelfExec.Image again = SelfExec.Image.again(Set.of(), Set.of()).with(LEFT, Integer.toString(rounds - 1));
            System.err.println(SelfExec.become(again.with(BEGAN, Long.toString(BootClock.nanos())))
                    .remedy());
            System.exit(1);
        }
    }
}
