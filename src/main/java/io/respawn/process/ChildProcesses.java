package io.respawn.process;

import io.respawn.core.Event.CameUp;
import io.respawn.core.Event.Found;
import io.respawn.core.Event.ProcessSpawned;
import io.respawn.core.Event.SpawnFailed;
import io.respawn.linux.BootClock;
import io.respawn.linux.Pidfd;
import io.respawn.linux.ProcFs;
import io.respawn.linux.Reactor;
import io.respawn.linux.Reserve;
import io.respawn.linux.Sigchld;
import io.respawn.linux.Signals;
import io.respawn.linux.Subreaper;
import io.respawn.model.InstanceId;
import io.respawn.model.IntentId;
import io.respawn.model.ProcessIdentity;
import io.respawn.model.ServiceSpec;
import io.respawn.model.SidecarId;
import io.respawn.model.Signal;
import io.respawn.model.Text;
import io.respawn.supervise.Attendants;
import io.respawn.supervise.EventSink;
import io.respawn.supervise.Hearing;
import io.respawn.supervise.Members;
import io.respawn.supervise.ProcessRunner;
import io.respawn.supervise.SpawnLog;
import io.respawn.supervise.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the main process of every instance by its descriptor, from its start or adoption to its burial, and tells the loop
 * what became of it.
 *
 * <p>All methods are called on the loop's thread (or before it runs). An exit is told when the process is reaped and nothing
 * of its group or of its tagged orphans is left; without leftovers that is in the same turn of the loop.
 */
public final class ChildProcesses implements ProcessRunner, AutoCloseable {

    private static final Logger LOG = System.getLogger(ChildProcesses.class.getName());
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(1);
    private static final Duration LONGEST_DYING = Duration.ofSeconds(2);

    private final EventSink events;
    private final MemoryKills memoryKills = new MemoryKills(BootClock::nanos);
    private final Signalling signalling;
    private final Mains mains;
    private final Succession succession;
    private final Spawner spawner;
    private final Attendants attendants;
    private final Burials burials;
    private final Alarms<Sweeper> sweeps;
    private final Endings endings;
    private final Adoptions adoptions;
    private final Sweeper sweeper;
    private final Recovery recovery;

    /** The only part that other threads touch: the spawner and whoever starts attendants. */
    private final Set<Integer> ownPids = ConcurrentHashMap.newKeySet();

    /** Found and not adopted yet: their orphans are no strays. */
    private final Set<ChildKey> expected = new HashSet<>();

    /** Being started, or waiting for it. */
    private final Map<ChildKey, Tags> ordered = new LinkedHashMap<>();

    private boolean closed;

    /**
     * Takes the role of the parent of all orphans below this process, and starts the spawner.
     *
     * @param workingDirectory where services start; theirs are relative to it
     * @param environment the sidecar's own, which services get without what is meant for the sidecar
     * @param hearing gives services what they speak by, on the spawner's thread; what one has said counts before its end
     */
    public ChildProcesses(
            SidecarId sidecar,
            Reactor reactor,
            EventSink events,
            SpawnLog spawnLog,
            ChildOutput output,
            Statistics statistics,
            Path workingDirectory,
            Map<String, String> environment,
            Hearing hearing) {
        this.events = events;
        var membership = new Membership(sidecar, ProcFs.ownUser());
        this.mains = new Mains(reactor, membership, ownPids, this::ended);
        this.succession = new Succession(membership, mains, this::isExpected, ownPids, reactor, events, statistics);
        this.signalling = new Signalling(statistics);
        OrphanList orphans = new OrphanList();
        this.sweeper = new Sweeper(sidecar, orphans, ownPids::contains, this::isAlive, statistics);
        Subreaper.enable();
        if (Sigchld.reset()) {
            LOG.log(Level.INFO, "SIGCHLD was ignored by whoever started the sidecar; it is set back to its default");
        }
        var autopsy = new Autopsy(memoryKills, statistics);
        this.burials = new Burials(sidecar, reactor, orphans, ownPids::contains, autopsy, events, statistics);
        this.sweeps = new Alarms<>(reactor, due -> sweep());
        this.endings = new Endings(reactor, hearing, mains, burials, signalling, output);
        var variables = new ChildEnvironment(sidecar, environment, hearing::variables);
        var started = new Handoff<>(reactor, this::startEnded);
        this.spawner = new Spawner(variables, workingDirectory, output, spawnLog, ownPids, statistics, started::put);
        this.attendants = new OwnAttendants(variables, workingDirectory, ownPids);
        this.adoptions = new Adoptions(reactor, events, output, statistics, ownPids, this::watch);
        this.recovery = new Recovery(sidecar, statistics);
        armSweep();
    }

    @Override
    public List<Found> recover(List<Known> known) {
        List<Found> found = recovery.recover(known);
        for (Found main : found) {
            ownPids.add(main.process().pid());
            expected.add(new ChildKey(main.instance(), main.incarnation()));
        }
        return found;
    }

    @Override
    public void spawn(ServiceSpec spec, InstanceId instance, long incarnation, Optional<IntentId> intent) {
        Tags tags = new Tags(instance, incarnation, intent, false);
        ordered.put(tags.key(), tags);
        spawner.order(spec, tags, line -> cameUp(instance, incarnation, line));
    }

    @Override
    public void abandonStart(InstanceId instance, long incarnation) {
        spawner.abandon(new ChildKey(instance, incarnation));
    }

    private void startEnded(Spawner.Outcome outcome) {
        switch (outcome) {
            case Spawner.Outcome.Begun(Child child) -> begin(child);
            case Spawner.Outcome.NotBegun(Tags tags, String reason) -> {
                ordered.remove(tags.key());
                succession.cancelled(tags.key());
                if (!closed) {
                    events.accept(new SpawnFailed(tags.instance(), tags.incarnation(), reason));
                }
            }
        }
    }

    /** An exit since the start is not lost: the descriptor stays readable. */
    private void begin(Child child) {
        if (closed) {
            child.pidfd().close();
            return;
        }
        watch(child);
        events.accept(new ProcessSpawned(child.instance(), child.tags().incarnation(), child.identity()));
    }

    private void watch(Child child) {
        mains.hold(child);
        expected.remove(child.key());
        ordered.remove(child.key());
        succession.begun(child.key());
    }

    private boolean isExpected(ChildKey key) {
        return expected.contains(key) || ordered.containsKey(key) || adoptions.isWaiting(key);
    }

    @Override
    public void adopt(InstanceId instance, long incarnation, ProcessIdentity process) {
        takeOver(instance, incarnation, process, OptionalInt.empty());
    }

    private void takeOver(InstanceId instance, long incarnation, ProcessIdentity process, OptionalInt kept) {
        Tags tags = new Tags(instance, incarnation, Optional.empty(), false);
        if (!mains.contains(tags.key())) {
            adoptions.begin(new Adoptions.Adoption(tags, process, line -> cameUp(instance, incarnation, line), kept));
            expected.remove(tags.key());
        }
    }

    /** Adopts one that is no child of ours, by what the image before held it by: so its exit status is told. */
    public void adoptHeld(KeptHold hold, ProcessIdentity process) {
        takeOver(hold.instance(), hold.incarnation(), process, OptionalInt.of(hold.descriptor()));
    }

    @Override
    public void signal(InstanceId instance, long incarnation, Signal signal) {
        ChildKey key = new ChildKey(instance, incarnation);
        Optional<Child> child = mains.find(key);
        if (child.isEmpty() && burials.contains(key)) {
            LOG.log(Level.DEBUG, "{0} is being buried: {1} has nobody to go to", instance, signal);
            return;
        }
        if (child.isEmpty()) {
            signalling.toNobody(instance, incarnation, signal);
            return;
        }
        signalling.send(child.get(), signal.number());
    }

    private void ended(Child child) {
        endings.ended(child);
    }

    private void sweep() {
        armSweep();
        spawner.relieve();
        Reserve.DESCRIPTORS.refill();
        sweeper.sweep().forEach(burials::swept);
    }

    private void armSweep() {
        sweeps.set(sweeper, BootClock.nanos() + BETWEEN_SWEEPS.toNanos());
    }

    private boolean isAlive(Tags tags) {
        ChildKey key = tags.key();
        return mains.contains(key) || isExpected(key) || burials.contains(key);
    }

    /** Waits until everything is started whose start is ordered, or for as long as this; from any thread. */
    public void awaitStarts(Duration longest) throws InterruptedException {
        spawner.awaitIdle(longest);
    }

    /** A line of its output says that it is up. */
    public void cameUp(InstanceId instance, long incarnation, String line) {
        events.accept(new CameUp(instance, incarnation, "its output says so: " + Text.bounded(line)));
    }

    /** For the passage to another image of this process. */
    public ProcessHandover handover() {
        return new ProcessHandover(spawner, burials, sweeper, mains, ordered);
    }

    /** Whose a process is. */
    public Members members() {
        return succession;
    }

    /** All services have ended: so does what they left to us. */
    public void endStrays() {
        sweeper.endAll();
    }

    /** For processes beside the mains; from any thread. */
    public Attendants attendants() {
        return attendants;
    }

    /** Tells which of them the kernel ends for want of memory; from any thread. */
    MemoryKills memoryKills() {
        return memoryKills;
    }

    /** The processes that are held now. */
    public List<Found> watched() {
        return mains.present().stream().map(Child::found).toList();
    }

    /**
     * Stops watching. Children that are kept are found again by the next sidecar; the others are killed with their groups,
     * without a grace period.
     */
    public void close(boolean keepChildren) {
        if (closed) {
            return;
        }
        burials.close();
        closed = true;
        spawner.close();
        sweeps.close();
        adoptions.close();
        endings.close();
        List<Child> held = mains.releaseAll();
        List<Pidfd> descriptors = held.stream().map(Child::pidfd).toList();
        if (!keepChildren) {
            held.forEach(child -> signalling.send(child, Signals.SIGKILL));
            Reaping.await(descriptors, LONGEST_DYING);
        }
        descriptors.forEach(Pidfd::close);
    }

    @Override
    public void close() {
        close(true);
    }
}
