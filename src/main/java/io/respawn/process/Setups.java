package io.respawn.process;

import io.respawn.linux.Accounts;
import io.respawn.linux.Cgroup;
import io.respawn.linux.ProcFs;
import io.respawn.linux.ProcessSetup;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.model.ProcessSetting;
import io.respawn.model.ProcessSetting.Limit;
import io.respawn.model.ProcessSetting.Resource;
import io.respawn.model.ServiceName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts what was declared for a process into the kernel's terms: names become numbers, and what we are already is left out. */
final class Setups {

    private static final Map<Resource, Integer> NUMBERS = Map.ofEntries(
            Map.entry(Resource.CPU_TIME, 0),
            Map.entry(Resource.FILE_SIZE, 1),
            Map.entry(Resource.DATA_SIZE, 2),
            Map.entry(Resource.STACK_SIZE, 3),
            Map.entry(Resource.CORE_SIZE, 4),
            Map.entry(Resource.PROCESSES, 6),
            Map.entry(Resource.OPEN_FILES, 7),
            Map.entry(Resource.LOCKED_MEMORY, 8),
            Map.entry(Resource.ADDRESS_SPACE, 9),
            Map.entry(Resource.PENDING_SIGNALS, 11),
            Map.entry(Resource.MESSAGE_QUEUES, 12));

    private final ServiceName service;
    private final ProcessSetting setting;
    private final Accounts accounts = new Accounts();
    private final Map<String, String> own = ProcFs.status(ProcFs.ownPid()).orElse(Map.of());

    private Setups(ServiceName service, ProcessSetting setting) {
        this.service = service;
        this.setting = setting;
    }

    /** What the service's processes are given; names are looked up each time, as accounts come and go. */
    static ProcessSetup of(ServiceName service, ProcessSetting setting) {
        return setting.isEmpty() ? ProcessSetup.NONE : new Setups(service, setting).setup();
    }

    /** Whether its processes go through a shell, which hands on only names that shells know. */
    static boolean needsShell(ProcessSetting setting) {
        return setting.umask().isPresent()
                || !setting.limits().isEmpty()
                || setting.oomScoreAdj().isPresent()
                || setting.cgroup().isPresent();
    }

    private ProcessSetup setup() {
        Optional<Accounts.User> user = setting.user().map(this::user);
        OptionalInt group = group(user);
        return new ProcessSetup(
                user.map(found -> other(OptionalInt.of(found.uid()), "Uid")).orElse(OptionalInt.empty()),
                other(group, "Gid"),
                groups(user, group).filter(all -> !new HashSet<>(all).equals(new HashSet<>(ids("Groups")))),
                number(setting.umask()),
                setting.noNewPrivileges(),
                number(setting.nice()),
                setting.limits().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(limit -> limit(limit.getKey(), limit.getValue()))
                        .toList(),
                number(setting.oomScoreAdj()),
                setting.cgroup().map(this::cgroup));
    }

    private Accounts.User user(String name) {
        return accounts.user(name)
                .orElseThrow(() -> new UnusableSetup(
                        Stage.USER,
                        "Cannot start " + service + " as the user '" + name
                                + "': there is none of that name in /etc/passwd; create it or give its number"));
    }

    private OptionalInt group(Optional<Accounts.User> user) {
        if (setting.group().isPresent()) {
            return OptionalInt.of(group(setting.group().get()));
        }
        if (user.isPresent() && user.get().group().isEmpty()) {
            throw new UnusableSetup(
                    Stage.GROUP,
                    "Cannot tell the group of " + service + ": the user "
                            + Integer.toUnsignedString(user.get().uid())
                            + " has no entry in /etc/passwd; add the key 'group'");
        }
        return user.map(Accounts.User::group).orElse(OptionalInt.empty());
    }

    private int group(String name) {
        return accounts.group(name)
                .orElseThrow(() -> new UnusableSetup(
                        Stage.GROUP,
                        "Cannot start " + service + " in the group '" + name
                                + "': there is none of that name in /etc/group; create it or give its number"));
    }

    /** Whoever becomes another user does not keep our groups; whoever stays does. */
    private Optional<List<Integer>> groups(Optional<Accounts.User> user, OptionalInt group) {
        if (setting.supplementaryGroups().isPresent()) {
            List<Integer> named = new ArrayList<>();
            setting.supplementaryGroups().get().forEach(name -> named.add(group(name)));
            return Optional.of(named);
        }
        return user.filter(found -> other(OptionalInt.of(found.uid()), "Uid").isPresent())
                .map(found -> accounts.groups(found, group.orElseThrow()));
    }

    /** Nothing is needed to be what we are, not even the right to change it. */
    private OptionalInt other(OptionalInt wanted, String field) {
        return wanted.isPresent() && ids(field).stream().allMatch(id -> id == wanted.getAsInt())
                ? OptionalInt.empty()
                : wanted;
    }

    private List<Integer> ids(String field) {
        return Arrays.stream(own.getOrDefault(field, "").strip().split("\\s+", -1))
                .filter(text -> !text.isBlank())
                .map(Integer::parseUnsignedInt)
                .toList();
    }

    private static ProcessSetup.Limit limit(Resource resource, Limit limit) {
        return new ProcessSetup.Limit(
                resource.word(),
                NUMBERS.getOrDefault(resource, -1),
                limit.soft().orElse(-1L),
                limit.hard().orElse(-1L));
    }

    private Path cgroup(String name) {
        return Cgroup.directory(name)
                .orElseThrow(() -> new UnusableSetup(
                        Stage.CGROUP,
                        "Cannot start " + service + " in the cgroup '" + name
                                + "': no cgroups of version 2 are mounted; mount them or remove the key"));
    }

    private static OptionalInt number(Optional<Integer> value) {
        return value.map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
