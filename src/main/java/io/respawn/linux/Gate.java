package io.respawn.linux;

import io.respawn.linux.libc.Spawn.spawn_plan;
import io.respawn.linux.libc.Unistd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Holds a child in a shell until it is set up, and then has the shell become the program. A gate that nobody opens, as when
 * we die, lets nothing run.
 */
final class Gate implements AutoCloseable {

    static final Path SHELL = Path.of("/bin/sh");

    /** The child's end of the pipe. */
    private static final int ENTRANCE = 3;

    /** What shells add to the environment by themselves. */
    private static final List<String> ADDED = List.of("PWD", "OLDPWD", "SHLVL");

    private final Descriptor entrance;
    private final Descriptor key;

    Gate() {
        int[] ends = new int[2];
        LinuxException.checked(Unistd.pipe2(ends, Unistd.O_CLOEXEC), "pipe2", "hold a process until it is set up");
        entrance = new Descriptor("gate", ends[0]);
        key = new Descriptor("key of a gate", ends[1]);
    }

    /** Gives the child its end; what is behind it is closed. */
    int attach(spawn_plan plan) {
        plan.adddup2(entrance.fd(), ENTRANCE);
        return ENTRANCE + 1;
    }

    /** The shell's command line; the program goes by its path. */
    static List<String> arguments(SpawnRequest request) {
        StringBuilder script = new StringBuilder("read -r respawn_gate <&3 || exit 125; exec 3<&-; ");
        OptionalInt umask = request.setup().umask();
        if (umask.isPresent()) {
            script.append("umask 0%o; ".formatted(umask.getAsInt()));
        }
        for (String name : ADDED) {
            if (request.environment().stream().noneMatch(entry -> entry.startsWith(name + "="))) {
                script.append("unset ").append(name).append("; ");
            }
        }
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", script + "exec \"$@\"", "sh"));
        arguments.add(request.executable().toString());
        arguments.addAll(request.arguments().subList(1, request.arguments().size()));
        return arguments;
    }

    /** Lets the child through; one that has ended meanwhile is noticed like any other end. */
    void open() {
        Unistd.write(key.fd(), new byte[] {'\n'}, 0, 1);
    }

    @Override
    public void close() {
        entrance.close();
        key.close();
    }
}
