package io.respawn.linux;

import io.respawn.linux.ProcessSetup.Limit;
import io.respawn.linux.SpawnResult.Failed;
import io.respawn.linux.SpawnResult.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one sentence which part of a set-up was refused, and what helps. */
final class Refusals {

    /**
     * A part that was refused.
     *
     * @param limit which of the limits, if it is one
     */
    record Refusal(Stage stage, Errno errno, @Nullable Limit limit) {
        Refusal(Stage stage, Errno errno) {
            this(stage, errno, null);
        }
    }

    private Refusals() {}

    static Failed of(SpawnRequest request, Stage stage, Errno errno) {
        return of(request, new Refusal(stage, errno));
    }

    static Failed of(SpawnRequest request, Refusal refused) {
        Errno errno = refused.errno();
        boolean right = errno.equals(Errno.EPERM) || errno.equals(Errno.EACCES);
        String remedy = errno.isShortage() ? errno.remedy() : "; " + remedy(request, refused.stage(), right);
        String words = "Cannot start " + request.executable() + " " + part(request, refused) + ": " + errno + remedy;
        return new Failed(errno.isShortage() ? Stage.RESOURCES : refused.stage(), errno, words);
    }

    /** The gate is a shell. */
    static Failed noShell(SpawnRequest request, Errno errno) {
        ProcessSetup setup = request.setup();
        Stage stage = setup.umask().isPresent()
                ? Stage.UMASK
                : !setup.limits().isEmpty()
                        ? Stage.LIMIT
                        : setup.oomScore().isPresent() ? Stage.OOM_SCORE : Stage.CGROUP;
        return new Failed(
                stage,
                errno,
                "Cannot hold " + request.executable() + " until its umask, limits, oom-score-adj or cgroup are set: "
                        + Gate.SHELL + ": " + errno + "; use an image with a shell that its user may execute, or"
                        + " remove these keys");
    }

    private static String part(SpawnRequest request, Refusal refused) {
        ProcessSetup setup = request.setup();
        return switch (refused.stage()) {
            case USER, GROUP -> identity(setup);
            case NICE -> "with nice " + setup.nice().orElse(0);
            case OOM_SCORE -> "with oom-score-adj " + setup.oomScore().orElse(0);
            case CGROUP ->
                "in the cgroup " + setup.cgroup().map(Object::toString).orElse("");
            case LIMIT -> "with the limit " + words(refused.limit());
            case NO_NEW_PRIVILEGES -> "with no-new-privileges";
            case WORKING_DIRECTORY -> "in the working directory " + request.workingDirectory() + as(setup);
            default -> as(setup).strip();
        };
    }

    private static String identity(ProcessSetup setup) {
        List<String> parts = new ArrayList<>();
        setup.user().ifPresent(user -> parts.add("as the user " + number(user)));
        setup.group().ifPresent(group -> parts.add("in the group " + number(group)));
        setup.groups().ifPresent(groups -> parts.add("with the groups " + groups));
        return String.join(" ", parts);
    }

    private static String as(ProcessSetup setup) {
        return " as the user " + number(setup.user().orElseGet(ProcFs::ownUser))
                + (setup.group().isPresent()
                        ? " and the group " + number(setup.group().getAsInt())
                        : "");
    }

    private static String remedy(SpawnRequest request, Stage stage, boolean right) {
        return switch (stage) {
            case USER, GROUP ->
                request.setup().user().isPresent()
                        ? "run the sidecar as root or give it CAP_SETUID and CAP_SETGID, or remove the key 'user'"
                        : "run the sidecar as root or give it CAP_SETGID, or remove the keys 'group' and"
                                + " 'supplementary-groups'";
            case NICE -> "give the sidecar CAP_SYS_NICE, or use a value that is not below its own";
            case OOM_SCORE -> "give the sidecar CAP_SYS_RESOURCE, or use a value that is not below its own";
            case LIMIT ->
                right
                        ? "give the sidecar CAP_SYS_RESOURCE or a higher limit of its own, or use a lower value"
                        : "the first value must not be above the second, nor above what the machine allows";
            case CGROUP ->
                right || request.setup().cgroup().isEmpty()
                        ? "make it writable for the sidecar, as by delegation, or remove the key 'cgroup'"
                        : "mount the cgroups writable, use one that holds no groups with controllers, or remove the key"
                                + " 'cgroup'";
            case NO_NEW_PRIVILEGES -> "use Linux 3.5 or newer, or remove the key";
            case WORKING_DIRECTORY -> "allow that user to enter it and all directories above it";
            default -> "allow that user to execute it, and to enter all directories above it";
        };
    }

    private static String words(@Nullable Limit limit) {
        return limit == null ? "" : limit.name() + " " + amount(limit.soft()) + ":" + amount(limit.hard());
    }

    private static String amount(long value) {
        return value == -1 ? "unlimited" : Long.toUnsignedString(value);
    }

    private static String number(int id) {
        return Integer.toUnsignedString(id);
    }
}
