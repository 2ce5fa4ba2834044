package io.respawn.probe;

import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.ProbeFailed;
import io.respawn.core.Event.StatusTold;
import io.respawn.core.Event.TimeoutExtended;
import io.respawn.core.Event.Withdrew;
import io.respawn.model.ProcessIdentity;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Members;
import io.respawn.supervise.Members.Member;
import java.time.Duration;
import java.util.Optional;

/**
 * What one process of a service says about itself, on its way to the loop. However fast it speaks, only so much is passed
 * on, and always the last word: ten changes at once, then ten a second. Nothing is said twice.
 */
final class Voice {

    static final Duration INTERVAL = Duration.ofMillis(100);
    static final int BURST = 10;

    private final Member member;
    private final Members members;
    private Notification pending = Notification.NOTHING;
    private Optional<ProcessIdentity> pendingMain = Optional.empty();
    private Optional<ProcessIdentity> main = Optional.empty();
    private Optional<Boolean> up = Optional.empty();
    private String status = "";
    private boolean silent = true;

    /** When all that was passed on would have been, one change an interval. */
    private long paidUntil;

    Voice(Member member, Members members) {
        this.member = member;
        this.members = members;
    }

    Member member() {
        return member;
    }

    /**
     * Hears a message; {@link #speak} passes it on.
     *
     * @param sender the process that sent it
     * @param named the main it names
     */
    void hear(Notification message, int sender, Optional<ProcessIdentity> named) {
        // Whoever handed over says STOPPING of itself.
        boolean former = named.or(() -> pendingMain)
                .or(() -> main)
                .filter(to -> to.pid() != sender)
                .isPresent();
        Notification said = former ? message.withoutStopping() : message;
        pendingMain =
                named.or(() -> pendingMain).filter(next -> !Optional.of(next).equals(main));
        Optional<Boolean> nextUp = said.up().or(pending::up);
        Optional<String> nextStatus = said.status().or(pending::status);
        pending = new Notification(
                nextUp.equals(up) ? Optional.empty() : nextUp,
                said.up().isPresent() ? said.words() : pending.words(),
                nextStatus.filter(text -> !text.equals(status)),
                false,
                pending.trigger() || said.trigger(),
                said.extension().or(pending::extension),
                Optional.empty(),
                false);
    }

    private boolean isQuiet() {
        return pending.up().isEmpty()
                && pending.status().isEmpty()
                && pending.extension().isEmpty()
                && pendingMain.isEmpty()
                && !pending.trigger();
    }

    /** Passes on what there is, if it is time; answers when it will be, or with {@link Long#MAX_VALUE} if nothing waits. */
    long speak(EventSink events, long nowNanos) {
        if (isQuiet()) {
            return Long.MAX_VALUE;
        }
        long interval = INTERVAL.toNanos();
        long due = silent ? nowNanos : paidUntil - (BURST - 1) * interval;
        if (due > nowNanos) {
            return due;
        }
        paidUntil = (silent ? nowNanos : Math.max(paidUntil, nowNanos)) + interval;
        silent = false;
        passOn(events);
        return Long.MAX_VALUE;
    }

    /** Passes on all there is, whether it is time or not. */
    void passOn(EventSink events) {
        Notification said = pending;
        pending = Notification.NOTHING;
        pendingMain.ifPresent(heir -> {
            main = pendingMain;
            members.follow(member, heir);
        });
        pendingMain = Optional.empty();
        said.status().ifPresent(text -> {
            status = text;
            events.accept(new StatusTold(member.instance(), member.incarnation(), text));
        });
        said.extension()
                .ifPresent(time -> events.accept(new TimeoutExtended(member.instance(), member.incarnation(), time)));
        said.up().ifPresent(now -> {
            up = said.up();
            events.accept(
                    now
                            ? new CameUp(member.instance(), member.incarnation(), said.words())
                            : new Withdrew(member.instance(), member.incarnation(), said.words()));
        });
        if (said.trigger()) {
            events.accept(new ProbeFailed(
                    member.instance(),
                    member.incarnation(),
                    ProbeFailed.Kind.WATCHDOG,
                    "the watchdog was triggered by the service itself"));
        }
    }
}
