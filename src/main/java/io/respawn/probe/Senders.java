package io.respawn.probe;

import io.respawn.linux.ProcFs;
import io.respawn.linux.UnixDatagram.Message;
import io.respawn.model.InstanceId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceName;
import io.respawn.supervise.Members;
import io.respawn.supervise.Members.Member;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Looks up who sent a message and which process it names; what does not count is counted and said. By one thread, but for
 * {@link #mayBe}.
 */
final class Senders {

    static final String STRANGER = "notify-stranger";
    static final String SENDER_GONE = "notify-sender-gone";
    static final String NO_MAIN = "notify-main-refused";

    private static final Logger LOG = System.getLogger(NotifySocket.class.getName());
    private static final Duration BETWEEN_COMPLAINTS = Duration.ofSeconds(10);

    /** Longer ones are the numbers of no process. */
    private static final Pattern DECIMAL = Pattern.compile("[1-9][0-9]{0,8}");

    private final Predicate<ServiceName> wanted;
    private final Supplier<Members> members;
    private final Statistics statistics;
    private final Complaint strangers = new Complaint(BETWEEN_COMPLAINTS);
    private final Complaint noMains = new Complaint(BETWEEN_COMPLAINTS);
    private final Map<InstanceId, Voice> voices = new HashMap<>();

    Senders(Predicate<ServiceName> wanted, Supplier<Members> members, Statistics statistics) {
        this.wanted = wanted;
        this.members = members;
        this.statistics = statistics;
    }

    /** Whether one of this instance may speak at all. */
    boolean mayBe(InstanceId instance) {
        return wanted.test(instance.service());
    }

    /** Whose word a message is; empty when it is nobody's that counts. */
    Optional<Member> find(Message message) {
        Optional<Member> found =
                message.pid() == 0 ? Optional.empty() : members.get().find(message.pid(), message.uid());
        Optional<Member> counting = found.filter(member -> mayBe(member.instance()));
        if (counting.isEmpty()) {
            boolean gone = message.pid() != 0 && ProcFs.stat(message.pid()).isEmpty();
            statistics.fault(gone ? SENDER_GONE : STRANGER);
            strangers.about(count -> LOG.log(
                    Level.WARNING,
                    "Cannot take {0} messages to the notify socket: their senders belong to no service with ''notify'',"
                            + " or were gone when they were looked up; the last was the process {1} of user {2}",
                    Long.toString(count),
                    Integer.toString(message.pid()),
                    Integer.toString(message.uid())));
        }
        return counting;
    }

    /** Which process somebody means by its main; empty when that cannot be, which is said and nothing more. */
    Optional<ProcessIdentity> main(Member sender, String number) {
        Optional<ProcessIdentity> named =
                pid(number).flatMap(pid -> members.get().heir(sender, pid));
        if (named.isEmpty()) {
            statistics.fault(NO_MAIN);
            noMains.about(count -> LOG.log(
                    Level.WARNING,
                    "Cannot take MAINPID={0} of {1} ({2} more like it): it must be the number of a living process of"
                            + " that service, as the sidecar sees it. The main stays as it is; have the message sent"
                            + " while the old main and the new one live",
                    number,
                    sender.instance(),
                    Long.toString(count - 1)));
        }
        return named;
    }

    /** Passes on what one says; empty for a process that is not the latest any more. */
    Optional<Voice> voice(Member sender) {
        Voice known = voices.get(sender.instance());
        if (known != null && known.member().incarnation() > sender.incarnation()) {
            return Optional.empty();
        }
        if (known == null || known.member().incarnation() < sender.incarnation()) {
            known = new Voice(sender, members.get());
            voices.put(sender.instance(), known);
        }
        return Optional.of(known);
    }

    /** The voice of the latest process that has spoken. */
    Optional<Voice> latest(InstanceId instance) {
        return Optional.ofNullable(voices.get(instance));
    }

    Collection<Voice> voices() {
        return voices.values();
    }

    private static Optional<Integer> pid(String number) {
        return DECIMAL.matcher(number).matches() ? Optional.of(Integer.valueOf(number)) : Optional.empty();
    }
}
