package io.respawn.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.respawn.core.Event.ProcessExited;
import io.respawn.core.Event.SpawnFailed;
import io.respawn.linux.Cgroup;
import io.respawn.linux.ProcFs;
import io.respawn.model.EnvironmentSources;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import io.respawn.model.ProcessSetting.Resource;
import io.respawn.model.Program;
import io.respawn.model.ServiceName;
import io.respawn.model.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process is given before its program begins, as the program sees it. */
class SetUpIT {

    /** Shows itself as it was when it began: one program, no shell before it. */
    private static final List<String> MIRROR =
            List.of("cat", "/proc/self/status", "/proc/self/limits", "/proc/self/oom_score_adj", "/proc/self/stat");

    /** Shows its environment, and then a line that says that this was all. */
    private static final List<String> OWN_ENVIRONMENT = List.of("cat", "/proc/self/environ", "end");

    private static final String LAST_OF_MIRROR = "\\d+ \\(cat\\) R .*";
    private static final String NOBODY = "65534";

    @TempDir
    Path directory;

    private final List<Rig> rigs = new ArrayList<>();

    @AfterEach
    void end() {
        rigs.forEach(Rig::close);
    }

    private Rig rig() throws IOException {
        // Another user has to get through to the working directory.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var rig = new Rig("set-up", directory);
        rigs.add(rig);
        return rig;
    }

    private static ServiceSpec mirror(String name, ProcessSetting setting) {
        return service(name, MIRROR, Map.of(), EnvironmentSources.DEFAULT, setting);
    }

    private static ServiceSpec service(
            String name,
            List<String> command,
            Map<String, String> environment,
            EnvironmentSources sources,
            ProcessSetting setting) {
        return ServiceSpec.of(new ServiceName(name), command)
                .with(new Program(command, Optional.empty(), environment, sources, setting));
    }

    /** All its lines, as soon as there is one like this: what it wrote last is read a moment after its end. */
    private static String seen(Rig rig, String service, String last) {
        return String.join(
                "\n",
                await("the output of " + service)
                        .until(() -> rig.texts(service), lines -> lines.stream().anyMatch(line -> line.matches(last))));
    }

    /** Everything at once, as another user. */
    private static ProcessSetting everything() {
        Map<Resource, Limit> limits = new EnumMap<>(Resource.class);
        limits.put(Resource.OPEN_FILES, limit(123, 234));
        limits.put(Resource.CORE_SIZE, limit(0, 0));
        limits.put(Resource.CPU_TIME, limit(77, 78));
        return new ProcessSetting(
                Optional.of(NOBODY),
                Optional.of("12345"),
                Optional.of(List.of("23456", "34567")),
                Optional.of(027),
                true,
                limits,
                Optional.of(7),
                Optional.of(321),
                Optional.empty());
    }

    private static Limit limit(long soft, long hard) {
        return new Limit(Optional.of(soft), Optional.of(hard));
    }

    private static ProcessSetting user(String name) {
        return setting(Optional.of(name), Map.of(), Optional.empty());
    }

    private static ProcessSetting limited(Resource resource, Limit limit) {
        return setting(Optional.empty(), Map.of(resource, limit), Optional.empty());
    }

    private static ProcessSetting in(String cgroup) {
        return setting(Optional.empty(), Map.of(), Optional.of(cgroup));
    }

    private static ProcessSetting setting(Optional<String> user, Map<Resource, Limit> limits, Optional<String> cgroup) {
        Optional<Integer> none = Optional.empty();
        return new ProcessSetting(user, Optional.empty(), Optional.empty(), none, false, limits, none, none, cgroup);
    }

    private static void requireRoot() {
        assumeTrue(ProcFs.ownUser() == 0, "only root can take on another identity");
    }

    @Test
    void everyOneOfManyFindsItselfSetUpAtItsFirstInstruction() throws IOException {
        requireRoot();
        Rig rig = rig();
        int many = 40;

        // when
        for (int i = 0; i < many; i++) {
            rig.spawn(mirror("mirror" + i, everything()));
        }

        // then
        for (int i = 0; i < many; i++) {
            rig.await(ProcessExited.class, exited -> true);
        }
        for (int i = 0; i < many; i++) {
            String seen = seen(rig, "mirror" + i, LAST_OF_MIRROR);
            assertThat(seen)
                    .containsPattern("Uid:\\s+65534\\s+65534\\s+65534\\s+65534\n")
                    .containsPattern("Gid:\\s+12345\\s+12345\\s+12345\\s+12345\n")
                    .containsPattern("Groups:\\s+23456 34567 *\n")
                    .containsPattern("Umask:\\s+0027\n")
                    .containsPattern("NoNewPrivs:\\s+1\n")
                    .containsPattern("CapEff:\\s+0000000000000000\n")
                    .containsPattern("CapPrm:\\s+0000000000000000\n")
                    .containsPattern("CapAmb:\\s+0000000000000000\n")
                    .containsPattern("Max open files\\s+123\\s+234 ")
                    .containsPattern("Max core file size\\s+0\\s+0 ")
                    .containsPattern("Max cpu time\\s+77\\s+78 ")
                    .containsPattern("\n321\n")
                    .containsPattern("\n\\d+ \\(cat\\) R( -?\\d+){15} 7 ");
        }
    }

    @Test
    void nothingElseOfTheSidecarChanges() throws IOException {
        requireRoot();
        Rig rig = rig();
        String before = own();

        // when
        rig.spawn(mirror("mirror", everything()));
        rig.exited("mirror");
        rig.spawn(mirror("plain", ProcessSetting.DEFAULT));
        rig.exited("plain");

        // then
        assertThat(own()).isEqualTo(before);
        assertThat(seen(rig, "plain", LAST_OF_MIRROR))
                .containsPattern("Uid:\\s+0\\s+0\\s+0\\s+0\n")
                .containsPattern("NoNewPrivs:\\s+0\n")
                .containsPattern("\\(cat\\) R( -?\\d+){15} 0 ");
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            assertThat(threads.map(thread -> status(thread.resolve("status"))))
                    .allSatisfy(status -> assertThat(status).containsPattern("Uid:\\s+0\\s+0\\s+0\\s+0\n"));
        }
        assertThat(Files.getAttribute(Path.of("/proc/self/environ"), "unix:uid"))
                .isEqualTo(ProcFs.ownUser());
    }

    private static String own() throws IOException {
        return Files.readString(Path.of("/proc/self/limits")) + Files.readString(Path.of("/proc/self/oom_score_adj"));
    }

    /** A thread can end meanwhile. */
    private static String status(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "Uid:\t0\t0\t0\t0\n";
        }
    }

    @Test
    void aUserByNameGetsItsGroupsAndItsOutputArrives() throws IOException {
        requireRoot();
        Rig rig = rig();

        // when
        rig.spawn(mirror("mirror", user("nobody")));
        rig.exited("mirror");

        // then
        assertThat(seen(rig, "mirror", LAST_OF_MIRROR))
                .containsPattern("Uid:\\s+65534\\s+65534\\s+65534\\s+65534\n")
                .containsPattern("Gid:\\s+65534\\s+65534\\s+65534\\s+65534\n")
                .containsPattern("Groups:\\s+65534 *\n");
    }

    @Test
    void anotherUserCanOpenItsOutputByName() throws IOException {
        requireRoot();
        Rig rig = rig();
        List<String> talkative = List.of("sh", "-c", "echo out > /dev/stdout; echo bad > /dev/stderr");

        // when
        rig.spawn(service("talkative", talkative, Map.of(), EnvironmentSources.DEFAULT, user(NOBODY)));
        rig.exited("talkative");

        // then
        await().untilAsserted(() -> assertThat(rig.texts("talkative")).containsExactlyInAnyOrder("out", "bad"));
    }

    @Test
    void itIsInItsControlGroupFromTheBeginning() throws IOException {
        Rig rig = rig();
        Optional<Path> group =
                Cgroup.directory("/respawn-set-up-" + ProcessHandle.current().pid());
        assumeTrue(group.isPresent() && Files.isWritable(group.get().getParent()), "no writable cgroup of version 2");

        // when
        rig.spawn(service(
                "mirror",
                List.of("cat", "/proc/self/cgroup"),
                Map.of(),
                EnvironmentSources.DEFAULT,
                in("/" + group.get().getFileName() + "/inner")));
        rig.exited("mirror");

        // then
        try {
            await().untilAsserted(() -> assertThat(rig.texts("mirror"))
                    .anyMatch(line -> line.endsWith("/" + group.get().getFileName() + "/inner")));
        } finally {
            Files.delete(group.get().resolve("inner"));
            Files.delete(group.get());
        }
    }

    @Test
    void eachPartThatIsRefusedIsNamedWithItsRemedyAndNothingRuns() throws IOException {
        requireRoot();
        Rig rig = rig();
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Path tool = Files.writeString(closed.resolve("tool"), "#!/bin/sh\ntouch " + directory + "/ran\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));

        // then
        assertThat(refusal(rig, mirror("a", user("nobody-there"))))
                .isEqualTo("Cannot start a as the user 'nobody-there': there is none of that name in /etc/passwd;"
                        + " create it or give its number");
        assertThat(refusal(rig, mirror("b", user("4711"))))
                .isEqualTo(
                        "Cannot tell the group of b: the user 4711 has no entry in /etc/passwd; add the key 'group'");
        assertThat(refusal(rig, mirror("c", limited(Resource.OPEN_FILES, limit(1, 1L << 40)))))
                .startsWith(
                        "Cannot start /usr/bin/cat with the limit open-files 1:1099511627776: not permitted (EPERM);"
                                + " give the sidecar CAP_SYS_RESOURCE");
        assertThat(refusal(
                        rig,
                        service("d", List.of(tool.toString()), Map.of(), EnvironmentSources.DEFAULT, user(NOBODY))))
                .isEqualTo(
                        "Cannot start " + tool + " as the user 65534 and the group 65534: permission denied (EACCES);"
                                + " allow that user to execute it, and to enter all directories above it");
        ServiceSpec elsewhere = mirror("e", user(NOBODY));
        assertThat(refusal(
                        rig,
                        elsewhere.with(new Program(
                                MIRROR,
                                Optional.of(closed.toString()),
                                Map.of(),
                                EnvironmentSources.DEFAULT,
                                user(NOBODY)))))
                .isEqualTo("Cannot start /usr/bin/cat in the working directory " + closed
                        + " as the user 65534 and the group 65534: permission denied (EACCES);"
                        + " allow that user to enter it and all directories above it");
        assertThat(refusal(
                        rig,
                        service(
                                "f",
                                MIRROR,
                                Map.of("a.b", "1"),
                                EnvironmentSources.DEFAULT,
                                limited(Resource.OPEN_FILES, limit(10, 10)))))
                .startsWith("Cannot hand the variable 'a.b' to f through the shell");
        assertThat(directory.resolve("ran")).doesNotExist();
        assertThat(ProcFs.ownChildren()).isEmpty();
    }

    private static String refusal(Rig rig, ServiceSpec spec) {
        rig.spawn(spec);
        return rig.await(SpawnFailed.class, failed -> failed.instance().equals(new InstanceId(spec.name(), 0)))
                .reason();
    }

    @Test
    void theEnvironmentIsWhatWasDeclaredAndNothingElse() throws IOException {
        Rig rig = rig();
        Files.writeString(directory.resolve("common.env"), "# shared\n\nFROM=file\nBOTH=file\nSPACED= a b \n");
        Files.writeString(directory.resolve("token"), "s3cret\nsecond line\n");
        Files.writeString(directory.resolve("end"), "\nend\n");
        var sources = new EnvironmentSources(
                Optional.of(List.of("PATH", "LC_*")), List.of("common.env"), Map.of("TOKEN", "token"));

        // when
        rig.spawn(service("plain", OWN_ENVIRONMENT, Map.of("BOTH", "declared"), sources, ProcessSetting.DEFAULT));
        rig.exited("plain");
        rig.spawn(service(
                "gated",
                OWN_ENVIRONMENT,
                Map.of("BOTH", "declared"),
                sources,
                limited(Resource.OPEN_FILES, limit(50, 50))));
        rig.exited("gated");

        // then
        for (String service : List.of("plain", "gated")) {
            String seen = seen(rig, service, "end");
            List<String> names = Stream.of(seen.split("\0", -1))
                    .filter(entry -> !entry.isBlank() && !entry.equals("\nend"))
                    .toList();
            assertThat(names)
                    .as(service)
                    .contains("FROM=file", "BOTH=declared", "SPACED= a b ", "TOKEN=s3cret\nsecond line")
                    .allMatch(entry -> entry.matches("(?s)(PATH|LC_.*|FROM|BOTH|SPACED|TOKEN|RESPAWN_[A-Z]+)=.*"));
        }
    }

    @Test
    void anEnvironmentThatCannotBeReadIsNamedWithoutItsContents() throws IOException {
        Rig rig = rig();
        Files.writeString(directory.resolve("bad.env"), "GOOD=1\nhunter2\n");

        // then
        assertThat(refusal(rig, from("a", List.of("bad.env"))))
                .isEqualTo("Cannot take the environment from " + directory + "/bad.env: line 2 is not of the form"
                        + " NAME=value; correct it or begin it with #");
        assertThat(refusal(rig, from("b", List.of("missing.env"))))
                .isEqualTo("Cannot take the environment from " + directory + "/missing.env: there is no such file;"
                        + " create it or remove its key");
        assertThat(refusal(rig, from("c", List.of("/dev/zero"))))
                .isEqualTo("Cannot take the environment from /dev/zero: it is not a regular file; name one");
    }

    private static ServiceSpec from(String name, List<String> files) {
        return service(
                name,
                MIRROR,
                Map.of(),
                new EnvironmentSources(Optional.empty(), files, Map.of()),
                ProcessSetting.DEFAULT);
    }

    @Test
    void whatCanBeSeenToBeWrongIsRefusedAtOnce() {
        assertThatThrownBy(() -> limit(2, 1)).hasMessageStartingWith("Cannot begin with more than the limit of 1");
    }
}
