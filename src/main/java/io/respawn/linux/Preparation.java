package io.respawn.linux;

import io.respawn.linux.Refusals.Refusal;
import io.respawn.linux.SetupThread.Step;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Stage;
import io.respawn.linux.libc.Credentials;
import io.respawn.linux.libc.Credentials.prepared_call;
import io.respawn.linux.libc.Memory;
import io.respawn.linux.libc.Spawn.spawn_call;
import io.respawn.linux.libc.Spawn.spawn_plan;
import io.respawn.linux.libc.Unistd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives one child what was asked for before its program begins: what belongs to a thread by a thread of its own, the rest
 * while it waits at a gate.
 */
final class Preparation implements AutoCloseable {

    private final SpawnRequest request;
    private final ProcessSetup setup;
    private final Memory memory = new Memory();
    private final List<Step> steps = new ArrayList<>();
    private final List<prepared_call> limits;
    private final SetupThread thread;
    private final Optional<Gate> gate;

    /** Prepares it; {@code standsIn} is told of the thread on which the child is born. */
    Preparation(SpawnRequest request, Consumer<HalfBorn> standsIn) {
        this.request = request;
        this.setup = request.setup();
        addSteps();
        limits = setup.limits().stream()
                .map(limit -> Credentials.prlimit(memory, limit.resource(), limit.soft(), limit.hard()))
                .toList();
        thread = new SetupThread(steps, limits, standsIn);
        gate = setup.isGated() ? Optional.of(new Gate()) : Optional.empty();
    }

    private void addSteps() {
        setup.nice().ifPresent(nice -> add(Stage.NICE, Credentials.setpriority(nice)));
        if (setup.hasIdentity()) {
            int unchanged = Credentials.UNCHANGED;
            add(Stage.USER, Credentials.prctl_cap_ambient_clear_all());
            setup.groups().ifPresent(groups -> add(Stage.GROUP, Credentials.setgroups(memory, groups)));
            setup.group().ifPresent(group -> add(Stage.GROUP, Credentials.setresgid(group, group, unchanged)));
            // The saved one stays ours until the exec: so nobody of that user can look into this program meanwhile.
            setup.user().ifPresent(user -> add(Stage.USER, Credentials.setresuid(user, user, unchanged)));
        }
        if (setup.noNewPrivileges()) {
            add(Stage.NO_NEW_PRIVILEGES, Credentials.prctl_set_no_new_privs());
        }
        if (setup.hasIdentity()) {
            // In the child, either could not be told from a program that is missing.
            add(
                    Stage.WORKING_DIRECTORY,
                    Credentials.access(memory, request.workingDirectory().toString(), Unistd.X_OK));
            add(
                    Stage.PERMISSION,
                    Credentials.access(memory, request.executable().toString(), Unistd.X_OK));
        }
    }

    private void add(Stage stage, prepared_call call) {
        steps.add(new Step(stage, call));
    }

    /** Adds what it needs of the child's descriptors; says from which on they are closed. */
    int attach(spawn_plan plan) {
        return gate.map(held -> held.attach(plan)).orElse(3);
    }

    String program() {
        return gate.isPresent() ? Gate.SHELL.toString() : request.executable().toString();
    }

    List<String> arguments() {
        return gate.isPresent() ? Gate.arguments(request) : request.arguments();
    }

    /** Makes the call of the spawn; says its error number, 0 for none. */
    int make(spawn_call call) {
        return thread.make(call);
    }

    /** What the error number means, if it is not one of the spawn itself. */
    Optional<Failed> refusal(Errno errno) {
        if (thread.failedAt() >= 0) {
            return Optional.of(Refusals.of(request, steps.get(thread.failedAt()).stage(), errno));
        }
        if (gate.isPresent() && Unistd.access(Gate.SHELL.toString(), Unistd.X_OK) < 0) {
            return Optional.of(Refusals.noShell(request, errno));
        }
        return Optional.empty();
    }

    /** Gives the child that waits what is still missing, and lets it go. */
    Optional<Failed> complete(int pid) {
        if (gate.isEmpty()) {
            return Optional.empty();
        }
        Optional<Refusal> refused = limit(pid)
                .or(() -> setup.oomScore().stream()
                        .boxed()
                        .flatMap(score -> OomScore.set(pid, score).stream())
                        .map(errno -> new Refusal(Stage.OOM_SCORE, errno))
                        .findFirst())
                .or(() -> setup.cgroup()
                        .flatMap(group -> Cgroup.enter(group, pid))
                        .map(errno -> new Refusal(Stage.CGROUP, errno)));
        if (refused.isEmpty()) {
            gate.get().open();
        }
        return refused.map(refusal -> Refusals.of(request, refusal));
    }

    /** The child's own rights suffice to be given less; where they do not, ours may. */
    private Optional<Refusal> limit(int pid) {
        for (int i = 0; i < limits.size(); i++) {
            int answer = thread.answer(i);
            int result = answer < 0 ? limits.get(i).make_for(pid) : answer;
            if (result < 0) {
                return Optional.of(new Refusal(
                        Stage.LIMIT, Errno.of(result), setup.limits().get(i)));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        gate.ifPresent(Gate::close);
        memory.close();
    }
}
