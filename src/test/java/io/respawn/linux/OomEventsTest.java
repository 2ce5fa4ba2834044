package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds the counts in trees of files as the kernel has them; the real ones are in the scenarios. */
class OomEventsTest {

    @TempDir
    Path root;

    @Test
    void findsTheNearestGroupOfVersionTwoThatCounts() throws IOException {
        // given a group without the controller below one that has it
        mounted("31 23 0:28 / " + root.resolve("cgroup") + " rw - cgroup2 cgroup2 rw,nsdelegate");
        write("proc/7/cgroup", "0::/pod/web\n");
        write("cgroup/pod/memory.events", "low 0\nhigh 3\nmax 17\noom 2\noom_kill 2\noom_group_kill 9\n");
        Files.createDirectories(root.resolve("cgroup/pod/web"));

        // when
        Path file = new OomEvents(root.resolve("proc")).of(7).orElseThrow();

        // then
        assertThat(file).isEqualTo(root.resolve("cgroup/pod/memory.events"));
        assertThat(OomEvents.count(file)).hasValue(2);
    }

    @Test
    void findsTheMemoryHierarchyOfVersionOne() throws IOException {
        // given
        mounted("35 31 0:32 / " + root.resolve("memory") + " rw,relatime - cgroup cgroup rw,memory\n" + "41 31 0:38 / "
                + root.resolve("unified") + " rw - cgroup2 cgroup2 rw");
        write("proc/self/cgroup", "8:pids:/\n4:memory:/web\n0::/\n");
        write("memory/web/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
        Files.createDirectories(root.resolve("unified"));

        // when
        Path file = new OomEvents(root.resolve("proc")).ofSelf().orElseThrow();

        // then
        assertThat(OomEvents.count(file)).hasValue(5);
    }

    @Test
    void knowsItsPartOfTheTreeByTheNameInTheWhole() throws IOException {
        // given a container that is told names it cannot see
        mounted("35 31 0:32 /kubepods/pod7 " + root.resolve("cgroup") + " rw - cgroup2 cgroup rw");
        write("proc/7/cgroup", "0::/kubepods/pod7/web (deleted)\n");
        write("cgroup/web/memory.events", "oom_kill 1\n");

        // then
        assertThat(new OomEvents(root.resolve("proc")).of(7)).contains(root.resolve("cgroup/web/memory.events"));
    }

    @Test
    void knowsNothingWhereNothingCounts() throws IOException {
        // given
        mounted("31 23 0:28 / " + root.resolve("cgroup") + " rw - cgroup2 cgroup2 rw");
        write("proc/7/cgroup", "0::/web\n");

        // then
        assertThat(new OomEvents(root.resolve("proc")).of(7)).isEmpty();
        assertThat(new OomEvents(root.resolve("proc")).of(8)).isEmpty();
        assertThat(OomEvents.count(root.resolve("gone"))).isEmpty();
    }

    private void mounted(String lines) throws IOException {
        write("proc/self/mountinfo", "23 1 0:2 / / rw - ext4 /dev/vda rw\n" + lines + "\n");
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
